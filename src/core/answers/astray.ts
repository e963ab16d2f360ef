// Functions of an answer's code that would be lost, since they stand outside of the pins: helpers that what is applied calls, and changed functions of the file.

import type { Genome } from '../pin.ts';
import type { Applied } from './apply.ts';
import { definitionsIn, type Definition } from './definitions.ts';
import { elisionIn } from './elision.ts';
import { pinRows, type View } from './view.ts';
import type { Code } from './whole.ts';

const bare = (lines: readonly string[]): readonly string[] => lines.map((line) => line.trim()).filter((line) => line !== '');
const plainName = (d: Definition): boolean => /^[\w$]+$/.test(d.name) && d.scope === null;

/** The reason to give an answer back, where a fence of its own holds such a function; null where nothing is lost. */
export function astray(codes: readonly Code[], genome: Genome, views: readonly View[]): Applied | null {
  if (codes.length === 0) return null;
  const pinned = Object.values(genome).flatMap((text) => text.split(/\r?\n/));
  const text = pinned.join('\n');
  const files = views.map((view) => ({
    view, rows: pinRows(view), inPins: new Set(definitionsIn(pinned, view.language).map((d) => d.name)),
    file: definitionsIn(view.lines, view.language), known: new Set(view.lines.map((line) => line.trim())),
  }));
  for (const { lines } of codes) {
    for (const { view, rows, inPins, file, known } of files) {
      if (elisionIn(lines, known) !== null) continue;
      for (const d of definitionsIn(lines, view.language)) {
        if (!plainName(d) || inPins.has(d.name) || !new RegExp(`(?<![\\w$.])${d.name.replace(/\$/g, '\\$')}\\s*\\(`).test(text)) continue;
        const old = file.find((f) => f.name === d.name && !rows.some((p) => f.from >= p.first && f.from <= p.last));
        const own = bare(lines.slice(d.from, d.to));
        if (old === undefined && !known.has(own[0] ?? '')) return { problem: `The answer's ${d.name} stands outside of the code that may change, which calls it. Put it inside of the function that calls it and send the whole answer again.` };
        if (old !== undefined && own.join('\n') !== bare(view.lines.slice(old.from, old.to)).join('\n')) return { problem: `The answer changes ${d.name}, which is outside of the code that may change. Put what is needed inside of that, under another name, and send the whole answer again.` };
      }
    }
  }
  return null;
}
