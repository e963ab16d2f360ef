// The simulated model: reads a real prompt, finds the program that is to be changed, and answers with real edits, some of which are broken.
// The n-th answer to one program and kind of step is the same whoever asks and in whatever order, so that searches and systems can be
// compared on identical proposals. What is proposed, and that 30 % of it does not work, is bench/landscapes.ts, which is frozen.

import { seededRng, type Rng } from '../../src/core/rng.ts';
import type { Logged, Reply } from '../../test/models/server.ts';
import { answer, type Code, type Landscape } from '../landscapes.ts';
import { askedIn, type Form } from './asked.ts';
import { FILE, lineOf, wholeOf, type Found } from './program.ts';

export interface Latency {
  /** Of an answer, in ms; 0 for none. */
  readonly medianMs: number;
  /** Of its logarithm. */
  readonly sigma: number;
}

const linesOf = (code: Code): readonly string[] => code.map((v, i) => lineOf(i, v));
const block = (from: string, to: string): string => `${FILE}\n<<<<<<< SEARCH\n${from}\n=======\n${to}\n>>>>>>> REPLACE\n`;

const fenced = (text: string): string => `\`\`\`python\n${text}\`\`\`\n`;

/** The change of a program to such lines, in the form that was asked for; one that changes nothing has one of its lines as it is. */
function written(form: Form, current: Found, lines: readonly string[]): string {
  if (form === 'whole') return fenced(wholeOf(lines));
  const changed = current.lines.flatMap((line, i) => (line === lines[i] ? [] : [block(line, lines[i] ?? '')]));
  return changed.length === 0 ? block(current.lines[0] ?? '', current.lines[0] ?? '') : changed.join('\n');
}

/** What one wrong answer is made from. */
interface Wrong {
  readonly form: Form;
  readonly current: Found;
  /** The lines that were meant. */
  readonly lines: readonly string[];
  readonly idea: string;
}

/** Answers that do not work, as models give them: most apply, and do not run. */
const SHAPES: readonly (readonly [weight: number, make: (w: Wrong) => Reply])[] = [
  [8, (w) => ({ text: `${w.idea}${withError(w, (line) => `${line} +`)}` })],
  [3, (w) => ({ text: `${w.idea}${withError(w, (line) => line.replace(/= (\d+)/, '= "$1"'))}` })],
  [3, ({ form, lines, idea }) => ({ text: `${idea}${form === 'whole' ? fenced(`${lines[0] ?? ''}\n`) : block(`${(lines[0] ?? '').replace('place_0', 'places[0]')}  # as before`, lines[0] ?? '')}` })],
  [2, ({ form, current, lines, idea }) => ({ text: cut(form, `${idea}${written(form, current, lines)}`), stop: 'length' })],
  [2, ({ lines, idea }) => ({ text: `${idea}\`\`\`python\ndef choose():\n${lines[0] ?? ''}\n    # ... rest of the code unchanged ...\n\`\`\`\n` })],
  [1, () => ({ text: 'The program looks optimal to me already. I would first profile it, to see where its time goes.' })],
  [1, () => ({ text: '' })],
  [1, () => ({ text: 'I can\'t help with that.', stop: 'refusal' })],
];

/** An answer that was cut: in the middle of an edit's end, or of the program. */
const cut = (form: Form, text: string): string => (form === 'whole' ? text.slice(0, text.indexOf('    return [')) : text.slice(0, -20));

function withError({ form, current, lines }: Wrong, spoil: (line: string) => string): string {
  const at = Math.max(0, current.lines.findIndex((line, i) => line !== lines[i]));
  return written(form, current, lines.map((line, i) => (i === at ? spoil(line) : line)));
}

function brokenReply(wrong: Wrong, rng: Rng): Reply {
  let at = rng.int(SHAPES.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, make] of SHAPES) if ((at -= weight) < 0) return make(wrong);
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
    const { operator, current, mate, form } = asked;
    // The engine shows what did not fit to the model once: such a repair is an answer of its own.
    const made = answer(this.land, operator, current.code, mate, asked.failed ? current.code : undefined, rng);
    const idea = `Idea: ${operator}, ${current.code.map((v, i) => (v === made.code[i] ? '' : `${i}:${made.code[i] ?? 0}`)).filter((t) => t !== '').join(' ') || 'as it is'}.\n\n`;
    const lines = linesOf(made.code);
    return { delay, usage, ...(made.broken ? brokenReply({ form, current, lines, idea }, rng) : { text: `${idea}${written(form, current, lines)}` }) };
  };
}
