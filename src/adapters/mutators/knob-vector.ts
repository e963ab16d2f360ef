// All knobs of a baseline at once: what a search over numbers is told of them, and the code with each set to a value.

import type { KnobRange } from '../../core/knob.ts';
import { baseGenome, type BaseFile, type Genome } from '../../core/pin.ts';
import { editedGenome } from './edits.ts';
import { shown, type NumberKnob } from './numbers.ts';
import type { Parents, View } from './parents.ts';

interface Placed {
  readonly view: View;
  readonly knob: NumberKnob;
  readonly line: number;
}

async function placed(parents: Parents, base: readonly BaseFile[]): Promise<readonly Placed[]> {
  const parent = parents.of(base, baseGenome(base));
  const out: Placed[] = [];
  for (const view of parent.views) for (const knob of await parent.knobs(view)) out.push({ view, knob, line: view.text.slice(0, knob.start).split('\n').length });
  return out;
}

/** The knobs inside the pins, in the order of files and text. */
export async function knobRanges(parents: Parents, base: readonly BaseFile[]): Promise<readonly KnobRange[]> {
  return (await placed(parents, base)).map(({ view, knob, line }) => ({ name: `${view.file.file}:${line}`, value: knob.value, low: knob.low, high: knob.high, integer: knob.integer }));
}

/** The baseline with its knobs set, and which of them were changed, in words. Null when there are other knobs than values: the run was begun on other code. */
export async function withKnobs(parents: Parents, base: readonly BaseFile[], values: readonly number[]): Promise<{ readonly genome: Genome; readonly summary: string } | null> {
  const knobs = await placed(parents, base);
  if (knobs.length !== values.length) return null;
  const changed = knobs.flatMap((p, i) => {
    const text = shown(values[i] ?? p.knob.value, p.knob);
    return Number(text) === p.knob.value ? [] : [{ ...p, text: text + (p.knob.suffix ?? '') }]; // what has its value keeps its form, hexadecimal or not
  });
  let genome: Genome | null = baseGenome(base);
  for (const f of base) {
    const mine = changed.filter((c) => c.view.file === f);
    genome = genome && editedGenome(f, genome, mine.map((c) => ({ start: c.knob.start, end: c.knob.end, text: c.text })));
  }
  const summary = changed.map((c) => `line ${c.line}: ${c.view.text.slice(c.knob.start, c.knob.end)} to ${c.text}`).join(', ');
  return genome && { genome, summary: `knobs: ${summary === '' ? 'as they were' : summary}` };
}
