// A parent's file as answers are laid onto it: its lines, its pins' places, and how changed places become texts of pins.

import { pinSpans, renderFile, type BaseFile, type Genome, type Language } from '../pin.ts';

/** One place that changes. Offsets are UTF-16 units into the view's text; `end` is exclusive. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface View {
  readonly file: BaseFile;
  readonly text: string;
  /** Without their endings. */
  readonly lines: readonly string[];
  /** Where each line begins, and behind the last the text's end. */
  readonly starts: readonly number[];
  /** The ending that most lines have. */
  readonly eol: string;
  readonly spans: readonly (readonly [id: string, start: number, end: number])[];
  readonly language: Language | null;
}

export function viewOf(file: BaseFile, genome: Genome): View {
  const text = renderFile(file, genome);
  const lines: string[] = [];
  const starts: number[] = [];
  let crlf = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const bare = end > at && text[end - 1] === '\r' ? end - 1 : stop;
    if (bare < stop) crlf++;
    starts.push(at);
    lines.push(text.slice(at, bare));
    at = end < 0 ? text.length : end + 1;
  }
  starts.push(text.length);
  const language = file.pins.find((p) => p.language !== null)?.language ?? null;
  return { file, text, lines, starts, eol: crlf * 2 > lines.length ? '\r\n' : '\n', spans: pinSpans(file, genome), language };
}

/** The 0-based line that holds an offset. */
export function rowOf(view: View, offset: number): number {
  let low = 0;
  let high = view.lines.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((view.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, Math.max(0, view.lines.length - 1));
}

/** Rows that a pin's text touches, the last one included. */
export function pinRows(view: View): readonly { readonly id: string; readonly first: number; readonly last: number }[] {
  return view.spans.map(([id, start, end]) => ({ id, first: rowOf(view, start), last: rowOf(view, Math.max(start, end - 1)) }));
}

/** The ending of a row: empty for a last line without one. */
export function endingOf(view: View, row: number): string {
  const start = view.starts[row] ?? view.text.length;
  return view.text.slice(start + (view.lines[row] ?? '').length, view.starts[row + 1] ?? view.text.length);
}

/** New lines for rows `from` to before `to`, as a change of the smallest extent; null when nothing changes. */
export function changeOfRows(view: View, from: number, to: number, lines: readonly string[]): Change | null {
  const start = view.starts[from] ?? view.text.length;
  const end = view.starts[to] ?? view.text.length;
  const ending = (k: number): string => (from + k < to ? endingOf(view, from + k) : '') || view.eol;
  let text = lines.map((line, k) => line + ending(k)).join('');
  const openEnd = end === view.text.length && view.text !== '' && !view.text.endsWith('\n');
  if (openEnd && text !== '') {
    text = text.replace(/\r?\n$/, '');
    if (start === end) text = view.eol + text;
  }
  return trimmed(view.text, { start, end, text });
}

/** Without what old and new text share at their ends; null when they are equal. */
export function trimmed(whole: string, c: Change): Change | null {
  const old = whole.slice(c.start, c.end);
  if (old === c.text) return null;
  const most = Math.min(old.length, c.text.length);
  let head = 0;
  while (head < most && old[head] === c.text[head]) head++;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === c.text[c.text.length - 1 - tail]) tail++;
  return { start: c.start + head, end: c.end - tail, text: c.text.slice(head, c.text.length - tail) };
}

/** The same change elsewhere, where text put in or taken out repeats what stands beside it: into a pin if it can be. */
function slid(view: View, c: Change): { readonly change: Change; readonly span: readonly [string, number, number] } | null {
  const within = (x: Change): readonly [string, number, number] | undefined => view.spans.find(([, s, e]) => x.start >= s && x.end <= e);
  const here = within(c);
  if (here) return { change: c, span: here };
  // A pin taken out as a whole, with the white space around it.
  const gone = c.text !== '' ? undefined : view.spans.find(([, s, e]) => c.start <= s && c.end >= e && !/\S/.test(view.text.slice(c.start, s) + view.text.slice(e, c.end)));
  if (gone) return { change: { start: gone[1], end: gone[2], text: '' }, span: gone };
  if (c.start < c.end && c.text !== '') return null;
  for (const step of [-1, 1]) {
    let at = c;
    for (;;) {
      const { start, end, text } = at;
      if (step < 0 ? start === 0 : end === view.text.length) break;
      const beside = view.text[step < 0 ? start - 1 : end] ?? '';
      const edge = text === '' ? view.text[step < 0 ? end - 1 : start] : step < 0 ? text.at(-1) : text[0];
      if (edge !== beside) break;
      at = { start: start + step, end: end + step, text: text === '' ? '' : step < 0 ? beside + text.slice(0, -1) : text.slice(1) + beside };
      const span = within(at);
      if (span) return { change: at, span };
    }
  }
  return null;
}

export type Settled = { readonly genome: Genome } | { readonly outside: Change };

/** The genome after changes that do not overlap. White space outside the pins stays as it is; anything else there is refused. */
export function settle(view: View, genome: Genome, changes: readonly Change[]): Settled {
  const placed = new Map<string, Change[]>();
  for (const c of changes) {
    const found = slid(view, c);
    if (found) placed.set(found.span[0], [...(placed.get(found.span[0]) ?? []), found.change]);
    else if (!isBlankOutside(view, c)) return { outside: c };
  }
  const out: Record<string, string> = { ...genome };
  for (const [id, start, end] of view.spans) {
    let text = '';
    let at = start;
    for (const c of (placed.get(id) ?? []).sort((a, b) => a.start - b.start || a.end - b.end)) {
      text += view.text.slice(at, c.start) + c.text;
      at = c.end;
    }
    out[id] = text + view.text.slice(at, end);
  }
  return { genome: out };
}

/** Whether a change is of blank lines or of what stands behind a line, touches no pin, and may be left out. */
function isBlankOutside(view: View, c: Change): boolean {
  if (/\S/.test(view.text.slice(c.start, c.end)) || /\S/.test(c.text) || view.spans.some(([, s, e]) => c.start < e && c.end > s)) return false;
  const startsLine = (at: number): boolean => at === 0 || view.text[at - 1] === '\n';
  const behindLine = /^[ \t]*(?:\r?\n|$)/.test(view.text.slice(c.end, c.end + 200));
  return behindLine || (startsLine(c.start) && startsLine(c.end) && (c.text === '' || c.text.endsWith('\n')));
}
