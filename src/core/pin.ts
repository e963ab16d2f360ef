// Pins: the places that may change, and solutions as texts for those places.

export type Language = 'python' | 'javascript' | 'typescript' | 'tsx' | 'go' | 'rust' | 'java' | 'c' | 'cpp';

/** Offsets are UTF-16 units into the file's text; `end` is exclusive. Lines are 1-based, both inclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly startLine: number;
  readonly endLine: number;
}

export type PinKind = 'function' | 'region' | 'file';

/** One place that may change, as found in one text of its file. */
export interface Pin {
  /** `file#Qualified.symbol`, `file#region-name-or-number`, or `file`. */
  readonly id: string;
  /** Path from the project root, with `/`. */
  readonly file: string;
  readonly kind: PinKind;
  readonly language: Language | null;
  /** The text that may change: the whole function with its decorators but without doc comments above it; the lines inside a region. */
  readonly range: Range;
  /** `Outer.inner` for functions. */
  readonly symbol?: string;
  /** The function's head on one line, e.g. `def f(x, y=1)`. */
  readonly signature?: string;
  readonly doc?: string;
  readonly decorators?: readonly string[];
  /** What the mark itself says. sigil.yaml wins over it. */
  readonly options: MarkOptions;
}

/** Options of a mark in code: `sigil: improve spec=… eval="…"`, `@improve(with_eval=…)`, `improve(fn, {…})`. */
export interface MarkOptions {
  readonly spec?: string;
  readonly eval?: string;
  readonly metric?: string;
  readonly goal?: 'max' | 'min';
  readonly workspace?: string;
  /** The name or import of the evaluation function that a decorator names. */
  readonly withEval?: string;
}

/** A pinned file as the run saw it. */
export interface BaseFile {
  readonly file: string;
  readonly text: string;
  /** Pins in it, in order, not overlapping. */
  readonly pins: readonly Pin[];
}

/** A solution's content: the text for each pin, by pin id. A pin left out stays as in the base. */
export type Genome = Readonly<Record<string, string>>;

/** The genome of the unchanged base. */
export function baseGenome(files: readonly BaseFile[]): Genome {
  const out: Record<string, string> = {};
  for (const f of files) for (const p of f.pins) out[p.id] = f.text.slice(p.range.start, p.range.end);
  return out;
}

/** A file's whole text under a genome: only pinned text can differ from the base, by construction. */
export function renderFile(file: BaseFile, genome: Genome): string {
  let out = '';
  let at = 0;
  for (const p of file.pins) {
    out += file.text.slice(at, p.range.start) + (genome[p.id] ?? file.text.slice(p.range.start, p.range.end));
    at = p.range.end;
  }
  return out + file.text.slice(at);
}

/** Where each pin's text stands in the rendered file: `[id, start, end)` in UTF-16 units. */
export function pinSpans(file: BaseFile, genome: Genome): readonly (readonly [string, number, number])[] {
  const out: (readonly [string, number, number])[] = [];
  let shift = 0;
  for (const p of file.pins) {
    const length = (genome[p.id] ?? file.text.slice(p.range.start, p.range.end)).length;
    const start = p.range.start + shift;
    out.push([p.id, start, start + length]);
    shift += length - (p.range.end - p.range.start);
  }
  return out;
}

/** All files of a genome, by path. */
export function renderFiles(files: readonly BaseFile[], genome: Genome): ReadonlyMap<string, string> {
  return new Map(files.map((f) => [f.file, renderFile(f, genome)]));
}

/** Pin texts read from whole files. `ambiguous`: a file that can be read in more than one way; `genome` is one of them, and renders to the same texts. */
export type Reading = { readonly genome: Genome; readonly ambiguous?: string } | { readonly outside: string; readonly line: number };

/**
 * Reads a genome back from whole files: the pin texts, or the path and 1-based line of the first change outside the pins.
 * Where what stands between two pins stands in one of them too, the text alone does not tell where a pin ends. `near` is what the texts were
 * made from: a reading that changes one of its pins is taken before any other.
 */
export function genomeOf(files: readonly BaseFile[], texts: ReadonlyMap<string, string>, near?: Genome): Reading {
  const genome: Record<string, string> = {};
  let ambiguous: string | undefined;
  for (const f of files) {
    const text = texts.get(f.file) ?? f.text;
    const own = near === undefined ? [] : oneChanged(f, text, near);
    const first = own[0] ?? ends(f, text, 'first');
    if ('outside' in first) return first;
    const pins = f.pins.map((_, i) => text.slice(...(first[i] ?? [0, 0])));
    const other = own.length > 0 ? own : [ends(f, text, 'last')];
    if (other.some((o) => !('outside' in o) && o.some(([s, e], i) => s !== first[i]?.[0] || e !== first[i][1]))) ambiguous ??= f.file;
    f.pins.forEach((p, i) => (genome[p.id] = pins[i] ?? ''));
  }
  return ambiguous === undefined ? { genome } : { genome, ambiguous };
}

/** Where each pin of a file begins and ends in a text. */
type Ends = readonly (readonly [start: number, end: number])[];

/** The texts before, between and after a file's pins. */
function gapsOf(f: BaseFile): readonly string[] {
  return [...f.pins.map((p, i) => f.text.slice(f.pins[i - 1]?.range.end ?? 0, p.range.start)), f.text.slice(f.pins.at(-1)?.range.end ?? 0)];
}

/** The reading in which each pin ends as early as it can, or begins as late as it can. When they are equal there is no other. */
function ends(f: BaseFile, text: string, which: 'first' | 'last'): Ends | { readonly outside: string; readonly line: number } {
  const gaps = gapsOf(f);
  const [head = '', tail = ''] = [gaps[0], gaps.at(-1)];
  if (f.pins.length === 0) return text === f.text ? [] : { outside: f.file, line: lineOfDifference(text, 0, f.text) };
  if (!text.startsWith(head)) return { outside: f.file, line: lineOfDifference(text, 0, head) };
  const stop = text.length - tail.length;
  const starts = [head.length];
  const stops = [stop];
  if (which === 'first') {
    for (const gap of gaps.slice(1, -1)) {
      const at = text.indexOf(gap, starts.at(-1));
      if (at < 0 || at + gap.length > stop) return lost(f, text, starts.at(-1) ?? 0);
      stops.splice(-1, 0, at);
      starts.push(at + gap.length);
    }
  } else {
    for (const gap of gaps.slice(1, -1).reverse()) {
      const before = (stops[0] ?? 0) - gap.length;
      const at = before < head.length ? -1 : text.lastIndexOf(gap, before);
      if (at < head.length) return lost(f, text, head.length);
      stops.unshift(at);
      starts.splice(1, 0, at + gap.length);
    }
  }
  if (!text.endsWith(tail) || stop < (starts.at(-1) ?? 0)) return lost(f, text, starts.at(-1) ?? 0);
  return starts.map((s, i) => [s, stops[i] ?? s] as const);
}

const lost = (f: BaseFile, text: string, at: number): { readonly outside: string; readonly line: number } => ({ outside: f.file, line: text.slice(0, at).split('\n').length });

/** All readings in which at most one pin differs from `near`. */
function oneChanged(f: BaseFile, text: string, near: Genome): Ends[] {
  const before = renderFile(f, near);
  const spans = pinSpans(f, near);
  return spans.flatMap(([, start, end], k) => {
    const shift = text.length - before.length;
    if (end + shift < start || !text.startsWith(before.slice(0, start)) || !text.endsWith(before.slice(end))) return [];
    return [spans.map(([, s, e], i) => (i < k ? [s, e] : i === k ? [s, e + shift] : [s + shift, e + shift]) as readonly [number, number])];
  });
}

function lineOfDifference(text: string, at: number, expected: string): number {
  let i = 0;
  while (i < expected.length && text[at + i] === expected[i]) i++;
  return text.slice(0, at + i).split('\n').length;
}
