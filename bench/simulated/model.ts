// The simulated model: reads a real prompt, finds the program that is to be changed, and answers with real edits, some of which are broken.
// The n-th answer to one program and kind of step is the same whoever asks and in whatever order, so that searches and systems can be
// compared on identical proposals. What is proposed, and that 30 % of it does not work, is bench/landscapes.ts, which is frozen.

import { seededRng, type Rng } from '../../src/core/rng.ts';
import type { Logged, Reply } from '../../test/models/server.ts';
import { answer, type Code, type Landscape } from '../landscapes.ts';
import { FILE, lineOf, programsIn, type Found } from './program.ts';

export interface Latency {
  /** Of an answer, in ms; 0 for none. */
  readonly medianMs: number;
  /** Of its logarithm. */
  readonly sigma: number;
}

interface Asked {
  readonly operator: string;
  readonly current: Found;
  readonly mate: Code | undefined;
  readonly failed: boolean;
}

/** What a prompt asks for. Prompts of other systems have no such headings: the last program in them is taken for the current one. */
export function askedIn(prompt: string, places: number): Asked | null {
  const section = (heading: string): Found | undefined => {
    const at = prompt.lastIndexOf(heading);
    return at < 0 ? undefined : programsIn(prompt.slice(at).split(/\n# /)[0] ?? '', places)[0];
  };
  const all = programsIn(prompt, places);
  const ours = prompt.includes('# The current version');
  const current = ours ? (section('# The current version') ?? all[0]) : all.at(-1);
  if (current === undefined) return null;
  const task = prompt.slice(prompt.lastIndexOf('# Your task'));
  const mate = section('# Other solutions to borrow from')?.code;
  const failed = task.includes('The current version fails');
  const operator = failed ? 'debug' : task.startsWith('# Your task\n\nCombine') ? 'crossover' : task.startsWith('# Your task\n\nRewrite') ? 'rewrite' : 'diff';
  return { operator, current, mate, failed };
}

const block = (from: string, to: string): string => `${FILE}\n<<<<<<< SEARCH\n${from}\n=======\n${to}\n>>>>>>> REPLACE\n`;

/** The edits from one program to another; a program that is the same is answered with one of its lines as it is. */
function edits(current: Found, to: Code): string {
  const changed = current.lines.flatMap((line, i) => (line === lineOf(i, to[i] ?? 0) ? [] : [block(line, lineOf(i, to[i] ?? 0))]));
  return changed.length === 0 ? block(current.lines[0] ?? '', current.lines[0] ?? '') : changed.join('\n');
}

/** Answers that do not work, as models give them: most apply, and do not run. */
const SHAPES: readonly (readonly [weight: number, make: (current: Found, to: Code, idea: string) => Reply])[] = [
  [8, (current, to, idea) => ({ text: `${idea}${withError(current, to, (line) => `${line} +`)}` })],
  [3, (current, to, idea) => ({ text: `${idea}${withError(current, to, (line) => line.replace(/= (\d+)/, '= "$1"'))}` })],
  [3, (_, to, idea) => ({ text: `${idea}${block(`    places[0] = ${to[0] ?? 0}  # as before`, lineOf(0, to[0] ?? 0))}` })],
  [2, (current, to, idea) => ({ text: `${idea}${edits(current, to)}`.slice(0, -20), stop: 'length' })],
  [2, (_, to, idea) => ({ text: `${idea}\`\`\`python\ndef choose():\n${lineOf(0, to[0] ?? 0)}\n    # ... rest of the code unchanged ...\n\`\`\`\n` })],
  [1, () => ({ text: 'The program looks optimal to me already. I would first profile it, to see where its time goes.' })],
  [1, () => ({ text: '' })],
  [1, () => ({ text: 'I can\'t help with that.', stop: 'refusal' })],
];

function withError(current: Found, to: Code, spoil: (line: string) => string): string {
  const at = Math.max(0, current.lines.findIndex((line, i) => line !== lineOf(i, to[i] ?? 0)));
  return current.lines.flatMap((line, i) => {
    const wanted = lineOf(i, to[i] ?? 0);
    return i === at ? [block(line, spoil(wanted))] : line === wanted ? [] : [block(line, wanted)];
  }).join('\n');
}

function brokenReply(current: Found, to: Code, idea: string, rng: Rng): Reply {
  let at = rng.int(SHAPES.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, make] of SHAPES) if ((at -= weight) < 0) return make(current, to, idea);
  return { text: '' };
}

export class SimulatedModel {
  private readonly land: Landscape;
  private readonly seed: string;
  private readonly latency: Latency;
  /** How often a program was asked for a change of each kind. */
  private readonly times = new Map<string, number>();
  /** The latency of each answer, in the order of the requests, ms. */
  readonly delays: number[] = [];

  constructor(land: Landscape, seed: string, latency: Latency) {
    this.land = land;
    this.seed = seed;
    this.latency = latency;
  }

  readonly reply = (call: Logged): Reply => {
    const asked = askedIn(call.prompt, this.land.places);
    const about = asked === null ? 'nothing' : `${asked.operator} ${asked.current.lines.join('').replaceAll(' ', '')}`;
    const n = this.times.get(about) ?? 0;
    this.times.set(about, n + 1);
    const rng = seededRng(`model ${this.seed} ${about} ${n}`);
    const delay = this.latency.medianMs * Math.exp(this.latency.sigma * rng.normal());
    this.delays.push(delay);
    const usage = { input: Math.ceil(call.prompt.length / 4), output: 150 };
    if (asked === null) return { delay, usage, text: 'I see no program here.' };
    const { operator, current, mate } = asked;
    // The engine shows what did not fit to the model once: such a repair is an answer of its own.
    const made = answer(this.land, operator, current.code, mate, asked.failed ? current.code : undefined, rng);
    const idea = `Idea: ${operator}, ${current.code.map((v, i) => (v === made.code[i] ? '' : `${i}:${made.code[i] ?? 0}`)).filter((t) => t !== '').join(' ') || 'as it is'}.\n\n`;
    return { delay, usage, ...(made.broken ? brokenReply(current, made.code, idea, rng) : { text: `${idea}${edits(current, made.code)}` }) };
  };
}
