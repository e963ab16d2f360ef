// The prompt of one ask: what is the same for the whole run first, so that it can be cached, then what this ask is about.

import { effectText } from '../../core/format.ts';
import { metricsOf, printObjective } from '../../core/objective.ts';
import { baseGenome, type BaseFile } from '../../core/pin.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import { checksResults, type Spec } from '../../core/spec.ts';
import type { ProposalRequest } from '../../engine/ports.ts';
import { BY_LINE } from '../profile/read.ts';
import { tokensOf } from './client.ts';
import { FAILED, lessonsOf, nameOf, numbersOf, oneLine, outcomeWords, tail } from './lessons.ts';
import { filesView, pinsView } from './source-view.ts';

const RULES = `You improve a marked piece of code, so that a measurement of it gets better. Your edits are applied, built, checked, and measured against the present version in fresh processes. Only a gain that holds in repeated measurements counts; a change that alters results is refused.

# How to answer

Begin with one line "Idea: …": what you change, and why it should help. Then give the edits, each as a block under the path of its file:

path/of/the/file
<<<<<<< SEARCH
lines as they are in the current version
=======
lines to put in their place
>>>>>>> REPLACE

- SEARCH must be copied from the current version, with its indentation, and must be found there exactly once. A few lines suffice, as long as they are unique.
- Several blocks may follow each other, also for several files. A pinned function may instead be given whole, in a fenced code block under the path of its file.
- Only what is listed under "May change" can change. All else is fixed, also imports and helpers outside of it: what you need of them, and helpers of your own, must go inside.
- Write all code out. Never leave parts out with a comment such as "rest unchanged".
- One coherent idea per answer. Make it one that the history below does not show as tried.`;

function judged(spec: Spec, about: string | null): string {
  const lines = [`Goal: ${printObjective(spec.objective)}.`];
  const aims = new Set(metricsOf({ ...spec.objective, constraints: [] }));
  for (const m of spec.metrics) {
    // Of what is only bounded the direction says nothing, and may be the wrong one.
    const bounds = spec.objective.constraints.filter((c) => c.metric === m.name).map((c) => `must be ${c.relation} ${c.bound}`);
    const wish = aims.has(m.name) || bounds.length === 0 ? [`${m.direction === 'minimize' ? 'less' : 'more'} is better`] : [];
    lines.push(`Metric ${m.name}: a ${m.kind}${m.unit === undefined ? '' : ` in ${m.unit}`}, ${[...wish, ...bounds].join(', ')}.`);
  }
  if (spec.call !== null) {
    const inputs = 'file' in spec.call.inputs ? spec.call.inputs.file : spec.call.inputs.generator;
    lines.push(`The pinned function is called in process on the inputs of ${inputs}; one pass over all of them is timed. Some inputs are held back and checked later.`);
    if (spec.call.compare) lines.push(`Its results must equal those of the original (floats to a relative ${spec.call.tolerance.relative}${spec.call.ordered ? '' : '; the order of lists does not matter'}), and it must not change its arguments otherwise than the original does. Nothing may be kept from one call for the next.`);
  }
  if (about !== null) lines.push(about);
  if (spec.build !== null) lines.push(`Built by: ${spec.build.command}`);
  for (const g of spec.gates) lines.push(`Must pass: ${g.command}`);
  if (spec.measure !== null) lines.push(`Measured by: ${spec.measure.command}`);
  if (!checksResults(spec)) lines.push('Nothing checks the results but you: keep them exactly as they are.');
  lines.push(`Limits: ${spec.memoryMb} MB of memory, ${spec.network ? 'network allowed' : 'no network'}; no new dependencies.`);
  return lines.join('\n');
}

/** The part that is the same for all asks of a run. `about`: what runs the code and what it is called with. */
export function systemPrompt(spec: Spec, base: readonly BaseFile[], tokens: number, { about, rules = RULES }: { readonly about?: string | null; readonly rules?: string } = {}): string {
  const head = `${rules}\n\n# What is judged\n\n${judged(spec, about ?? null)}`;
  return `${head}\n\n# The original code\n\n${filesView(base, baseGenome(base), Math.max(1000, tokens - tokensOf(head)))}`;
}

const TASKS: Readonly<Record<string, string>> = {
  draft: 'Write a first version of your own from the original: choose an approach that differs in kind from those that were tried.',
  improve: 'Improve the current version by one step that was not tried yet.',
  diff: 'Improve the current version by one focused change, as large as its idea needs.',
  rewrite: 'Rewrite the pinned code of the current version with another algorithm or other data structures: a large change.',
  crossover: 'Combine the current version with what is good in the first of the other solutions.',
};

/** The part of one ask: history, current version, other solutions, the task, and what people say. Of a `debug` ask the current version is the one that failed. */
export function askPrompt(request: ProposalRequest, tokens: number): string {
  const { state, ask, base, broken } = request;
  const original = baseGenome(base);
  const id = ask.broken ?? ask.parent;
  const solution = id === BASELINE ? undefined : state.solutions.get(id);
  const parts: string[] = [];

  const numbers = numbersOf(state, solution ?? state.solutions.get(BASELINE));
  const measured = `${numbers === '' ? '' : ` Measured: ${numbers}.`}${resolution(state)}`;
  const now = solution === undefined
    ? `It is the original code, as shown above.${measured}`
    : `It is ${nameOf(state, id)} (${outcomeWords(state, solution)}): ${oneLine(solution.summary, 200)}.${measured} All that is not shown here is as in the original.\n\n${pinsView(base, broken?.genome ?? request.parent, original)}`;
  const task = taskOf(request, solution);
  const profile = profileOf(state, id);
  let left = tokens - tokensOf(now) - tokensOf(task) - tokensOf(request.instructions) - tokensOf(profile);

  const shown = new Set([id]);
  const others = request.inspirations.flatMap((genome, i) => {
    const other = ask.inspirations[i] ?? BASELINE;
    const s = state.solutions.get(other);
    const view = pinsView(base, genome, original);
    if (s === undefined || view === '' || tokensOf(view) > left * 0.5) return [];
    left -= tokensOf(view);
    shown.add(other);
    return [`${nameOf(state, other)} (${outcomeWords(state, s)}): ${oneLine(s.summary, 200)}\n\n${view}`];
  });

  const lessons = lessonsOf(state, ask.parent, request.number, Math.max(500, left), shown);
  if (lessons !== '') parts.push(`# What was tried, oldest first; gains are against the original\n\n${lessons}`);
  if (others.length > 0) parts.push(`# Other solutions to borrow from\n\n${others.join('\n\n')}`);
  parts.push(`# The current version\n\n${now}`);
  if (profile !== '') parts.push(`# Where the time goes\n\n${profile}`);
  if (request.instructions !== '') parts.push(`# Instructions of the user\n\n${request.instructions}`);
  parts.push(`# Your task\n\n${task}`);
  return parts.join('\n\n');
}

/** What a gain must come to if it is to be seen at all. */
function resolution({ noise }: RunState): string {
  if (noise === null || noise.deterministic || noise.resolvable === null || noise.scale !== 'ratio') return '';
  return ` A difference of less than about ${effectText(noise.resolvable, 'ratio')} cannot be told from noise.`;
}

/** The profile of a solution, or of the nearest one above it that has one; '' where there is none. Lines of another version say little of this one. */
function profileOf(state: RunState, id: SolutionId): string {
  for (let at = state.solutions.get(id); at !== undefined; at = state.solutions.get(at.parents[0] ?? '')) {
    if (at.profile !== undefined) return at.id === id ? at.profile : `Of ${nameOf(state, at.id)}, from which the current version was made. ${at.profile.split(`\n${BY_LINE}`)[0] ?? ''}`;
  }
  return '';
}

function taskOf({ ask, broken, state, number }: ProposalRequest, solution: SolutionState | undefined): string {
  const failed = broken !== undefined || (solution !== undefined && FAILED.has(solution.outcome));
  if (!failed) return `${TASKS[ask.operator ?? 'improve'] ?? TASKS['improve'] ?? ''}${meanwhile(state, number)}`;
  const printed = tail(broken?.output ?? solution?.gates.findLast((g) => !g.ok)?.output ?? '', 2000);
  return `The current version fails: ${oneLine(broken?.reason ?? solution?.reason ?? '', 400)}. Mend it, and keep its idea.${printed === '' ? '' : ` The failed step printed:\n\n${printed}`}`;
}

/** What is asked at the same time reads much the same, and without a word would be answered the same. */
function meanwhile(state: RunState, number: number): string {
  const before = [...state.open].filter(([ask, id]) => id === null && ask < number).length;
  if (before === 0) return '';
  return ` ${before === 1 ? 'Another answer is' : `${before} other answers are`} being written at this moment, and will hold the most obvious idea: look for ${before === 1 ? 'one that is' : 'another that is'} as strong, or carry that one further than a first answer would.`;
}
