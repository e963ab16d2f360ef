// Pinned code in its file's context, as a prompt shows it: whole where there is room, else the pins with some lines around.

import { pinSpans, renderFile, type BaseFile, type Genome, type Pin } from '../../core/pin.ts';
import { tokensOf } from './client.ts';

/** Lines shown around a pin where a file is too long to be shown whole, the first that fits. */
const AROUND = [200, 80, 30, 10, 0];

/** A text in a fence that it does not close itself. */
export function fenced(text: string, language: string | null): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language ?? ''}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}${fence}`;
}

function pinWords(pin: Pin, text: string, start: number, end: number): string {
  const line = (at: number): number => text.slice(0, at).split('\n').length;
  const lines = `lines ${line(start)}–${line(Math.max(start, end - 1))}`;
  if (pin.kind === 'file') return 'the whole file';
  return pin.kind === 'function' ? `the function ${pin.symbol ?? pin.id} (${lines})` : `the region ${pin.id.split('#')[1] ?? ''} between the EVOLVE-BLOCK markers (${lines})`;
}

/** The lines of a text that are shown when `around` are kept on each side of the pins; what is left out is told in words. */
function windows(text: string, spans: readonly (readonly [string, number, number])[], around: number): string {
  const lines = text.split('\n');
  const keep = new Uint8Array(lines.length);
  let at = 0;
  const starts = lines.map((l) => {
    const start = at;
    at += l.length + 1;
    return start;
  });
  for (const [, start, end] of spans) {
    const first = starts.findLastIndex((s) => s <= start);
    const last = starts.findLastIndex((s) => s < Math.max(end, start + 1));
    keep.fill(1, Math.max(0, first - around), last + around + 1);
  }
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    if (keep[i] === 1) {
      out.push(lines[i++] ?? '');
      continue;
    }
    const from = i;
    while (i < lines.length && keep[i] === 0) i++;
    const rest = i === lines.length && lines.at(-1) === '' ? i - 1 : i;
    if (rest > from) out.push(`[… ${rest - from} lines that are not shown …]`);
  }
  return out.join('\n');
}

/** The files of a genome with what may change in them, in at most about so many tokens: the pins themselves are shown whole in any case. */
export function filesView(base: readonly BaseFile[], genome: Genome, tokens: number): string {
  const share = tokens / Math.max(1, base.length);
  return base.map((f) => {
    const text = renderFile(f, genome);
    const spans = pinSpans(f, genome);
    let shown = text;
    for (const around of AROUND) {
      if (tokensOf(shown) <= share) break;
      shown = windows(text, spans, around);
    }
    const may = f.pins.map((p, i) => pinWords(p, text, spans[i]?.[1] ?? 0, spans[i]?.[2] ?? 0));
    return `File: ${f.file}\nMay change: ${may.join('; ')}.\n${fenced(shown, f.pins[0]?.language ?? null)}`;
  }).join('\n\n');
}

/** The texts of the pins that differ from another content. */
export function pinsView(base: readonly BaseFile[], genome: Genome, from: Genome): string {
  const parts = base.flatMap((f) => f.pins.flatMap((p) => {
    const text = genome[p.id];
    return text === undefined || text === from[p.id] ? [] : [`File: ${f.file}, ${p.kind === 'file' ? 'whole' : p.kind === 'function' ? `function ${p.symbol ?? p.id}` : `region ${p.id.split('#')[1] ?? ''}`}\n${fenced(text, p.language)}`];
  }));
  return parts.join('\n\n');
}
