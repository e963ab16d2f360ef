// A run in the middle, and requests of it, for prompts and proposers.

import { findPins } from '../../../src/adapters/syntax/pins.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { Genomes } from '../../../src/core/genomes.ts';
import type { Ask } from '../../../src/core/optimizers/optimizer.ts';
import { baseGenome, type BaseFile } from '../../../src/core/pin.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { foldRun, type RunState } from '../../../src/core/run-state.ts';
import type { Gain, Outcome } from '../../../src/core/solution.ts';
import type { Spec } from '../../../src/core/spec.ts';
import { resolveSpec } from '../../../src/adapters/spec/resolve.ts';
import { specSchema } from '../../../src/protocol/spec-file.ts';
import type { ProposalRequest } from '../../../src/engine/ports.ts';

export const SOURCE = `import re

WORD = re.compile(r"[a-z]+")


# sigil: improve
def count_words(text):
    """How often each word is there."""
    out = {}
    for word in WORD.findall(text.lower()):
        if word in out.keys():
            out[word] = out[word] + 1
        else:
            out[word] = 1
    return out


def main():
    print(count_words("a b a"))
`;

export const BODY = SOURCE.slice(SOURCE.indexOf('def count_words'), SOURCE.indexOf('\n\n\ndef main'));

export async function baseOf(text = SOURCE, file = 'src/words.py'): Promise<readonly BaseFile[]> {
  return [{ file, text, pins: (await findPins(file, text)).pins }];
}

export function specOf(more: Readonly<Record<string, unknown>> = {}): Spec {
  return resolveSpec('words', specSchema.parse({
    pins: ['src/words.py#count_words'], gates: ['python3 -m unittest'], call: { inputs: 'bench/inputs.py:make' }, metrics: [{ name: 'time_ms', source: { call: 'cpu' } }], ...more,
  }), 'sigil.yaml');
}

export interface Told {
  readonly text: string;
  readonly parent?: string;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly gain?: number;
  readonly reason?: string;
  readonly output?: string;
}

/** The journal's state after these proposals, whose ids are s1, s2, … */
export function stateOf(base: readonly BaseFile[], spec: Spec, told: readonly Told[]): RunState {
  const events: EventBody[] = [
    { type: 'run-started', run: 'r', workspace: 'v1', spec, base, commit: null, hashes: {}, seed: 1, machine: { os: 'linux', cpu: 'c', cores: 2, memoryGb: 4, node: '22' }, level: 'bubblewrap', checkout: 'copy', model: 'openai/x', slots: 1, parent: null },
    { type: 'baseline', noise: { values: { time_ms: 7.78 }, sd: 0.01, offset: 0, resolvable: 0.02, resolveSeconds: 8, pairs: 10, seconds: 0.2, deterministic: false, slow: false, scale: 'ratio' }, processes: 20, secondsSpent: 8, about: 'It runs on Python 3.11.2. Of 12 inputs the arguments are: 1. str, length 300 to 9000.' },
  ];
  const known = new Map<string, { parents: readonly string[]; patch: string }>();
  const genomes = new Genomes(base, (id) => known.get(id));
  const pin = base[0]?.pins[0]?.id ?? '';
  told.forEach((t, ask) => {
    const id = `s${ask + 1}`;
    const parent = t.parent ?? 'baseline';
    const patch = t.text === '' ? '' : genomes.diff(genomes.of(parent), { ...genomes.of(parent), [pin]: t.text });
    known.set(id, { parents: [parent], patch });
    const gain: Gain = { scale: 'ratio', gain: t.gain ?? 1, error: 0.01, low: (t.gain ?? 1) * 0.97, high: (t.gain ?? 1) * 1.03, pairs: 20, processes: 40 };
    events.push({ type: 'asked', ask, request: { parent, inspirations: [] }, rng: '' });
    events.push({ type: 'proposed', ask, id, parents: [parent], patch, operator: t.text === '' ? 'none' : 'model', summary: t.summary, usd: 0, spent: false });
    if (t.output !== undefined) events.push({ type: 'gated', id, gate: 'gate 1', ok: false, seconds: 1, output: t.output });
    events.push({ type: 'verdict', ask, id, outcome: t.outcome, reason: t.reason ?? '', estimate: t.gain === undefined ? null : { scale: 'ratio', gain: t.gain, error: 0.01 }, effect: t.gain === undefined ? null : Math.log(t.gain), feasible: true, p: null, alpha: null, pairs: 10, processes: 20, seconds: 1, metrics: t.gain === undefined ? {} : { time_ms: 7.78 / t.gain } });
    if (t.outcome === 'kept') events.push({ type: 'promoted', id, over: 'baseline', gain });
  });
  return foldRun(events.map((e, seq) => ({ v: 1, seq, t: seq, ...e })));
}

export function requestOf(base: readonly BaseFile[], state: RunState, ask: Ask, more: Partial<ProposalRequest> = {}): ProposalRequest {
  const genomes = new Genomes(base, (id) => state.solutions.get(id));
  return {
    ask, number: state.nextAsk, state, instructions: '', parent: genomes.of(ask.parent), inspirations: ask.inspirations.map((i) => genomes.of(i)), base, rng: seededRng('1'), seen: () => false,
    record: () => ({ tries: 0, wins: 0 }), signal: new AbortController().signal, halt: new AbortController().signal, ...more,
  };
}

export { baseGenome };
