// What a prompt asks for: which program is to be changed, by what kind of step, and in which form the answer is to be. Sigil's own prompts
// have headings; of another system's only this is relied on: that the program to change is the last whole one in it, and that it shows the
// SEARCH/REPLACE form if it wants that.

import type { Code } from '../landscapes.ts';
import { programsIn, type Found } from './program.ts';

/** Edits of lines, or the whole program in a fence. */
export type Form = 'blocks' | 'whole';

export interface Asked {
  readonly operator: string;
  readonly current: Found;
  readonly mate: Code | undefined;
  /** The current version does not run, and the prompt says so. */
  readonly failed: boolean;
  readonly form: Form;
}

/** null where no program of so many places is found. */
export function askedIn(prompt: string, places: number): Asked | null {
  const all = programsIn(prompt, places);
  return prompt.includes('# The current version') ? ours(prompt, places, all[0]) : others(prompt, all.at(-1));
}

/** For another system every step is a change of its program, in whatever words it asks: what it borrows from is in its choice of parents only. */
function others(prompt: string, current: Found | undefined): Asked | null {
  if (current === undefined) return null;
  return { operator: 'diff', current, mate: undefined, failed: false, form: prompt.includes('<<<<<<< SEARCH') ? 'blocks' : 'whole' };
}

function ours(prompt: string, places: number, first: Found | undefined): Asked | null {
  const section = (heading: string): Found | undefined => {
    const at = prompt.lastIndexOf(heading);
    return at < 0 ? undefined : programsIn(prompt.slice(at).split(/\n# /)[0] ?? '', places)[0];
  };
  const current = section('# The current version') ?? first;
  if (current === undefined) return null;
  const task = prompt.slice(prompt.lastIndexOf('# Your task'));
  const failed = task.includes('The current version fails');
  const operator = failed ? 'debug' : task.startsWith('# Your task\n\nCombine') ? 'crossover' : task.startsWith('# Your task\n\nRewrite') ? 'rewrite' : 'diff';
  return { operator, current, mate: section('# Other solutions to borrow from')?.code, failed, form: 'blocks' };
}
