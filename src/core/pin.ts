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

/**
 * Reads a genome back from whole files. Returns the pin texts, or the path and 1-based line of the first change outside the pins.
 */
export function genomeOf(files: readonly BaseFile[], texts: ReadonlyMap<string, string>): { readonly genome: Genome } | { readonly outside: string; readonly line: number } {
  const genome: Record<string, string> = {};
  for (const f of files) {
    const text = texts.get(f.file) ?? f.text;
    let at = 0; // position in text
    let baseAt = 0;
    for (let i = 0; i < f.pins.length; i++) {
      const pin = f.pins[i] as Pin;
      const before = f.text.slice(baseAt, pin.range.start);
      if (!text.startsWith(before, at)) return { outside: f.file, line: lineOfDifference(text, at, before) };
      const start = at + before.length;
      const next = f.pins[i + 1];
      const after = f.text.slice(pin.range.end, next ? next.range.start : f.text.length);
      const end = next ? text.indexOf(after, start) : text.length - after.length;
      if (end < start || !text.startsWith(after, end)) return { outside: f.file, line: text.slice(0, start).split('\n').length };
      genome[pin.id] = text.slice(start, end);
      at = end;
      baseAt = pin.range.end;
    }
    if (f.pins.length === 0 && text !== f.text) return { outside: f.file, line: lineOfDifference(text, 0, f.text) };
  }
  return { genome };
}

function lineOfDifference(text: string, at: number, expected: string): number {
  let i = 0;
  while (i < expected.length && text[at + i] === expected[i]) i++;
  return text.slice(0, at + i).split('\n').length;
}
