// What `sigil pins --json` says, and what follows from it: the specs of a project, what is marked at a line.

export interface PinAnswer {
  readonly id: string;
  readonly file: string;
  readonly symbol: string | null;
  /** 1-based lines, both inclusive. */
  readonly range: { readonly startLine: number; readonly endLine: number };
  readonly spec: string;
  /** Where it says how to measure; null when nothing does. */
  readonly evaluation: 'sigil.yaml' | 'mark' | null;
  /** Those that its spec names; left out when it names none. */
  readonly models?: readonly string[];
}

export interface PinsAnswer {
  readonly pins: readonly PinAnswer[];
}

export interface KnownSpec {
  readonly spec: string;
  readonly evaluation: 'sigil.yaml' | 'mark' | null;
  readonly pins: readonly PinAnswer[];
  readonly models: readonly string[];
}

/** The specs of the marks found, by name. */
export function specsOf({ pins }: PinsAnswer): readonly KnownSpec[] {
  const bySpec = new Map<string, PinAnswer[]>();
  for (const p of pins) bySpec.set(p.spec, [...(bySpec.get(p.spec) ?? []), p]);
  return [...bySpec].sort(([a], [b]) => a.localeCompare(b)).map(([spec, of]) => ({ spec, pins: of, models: of[0]?.models ?? [], evaluation: of.map((p) => p.evaluation).find((e) => e !== null) ?? null }));
}

/** The innermost of the marks around a 1-based line. */
export function innermost({ pins }: PinsAnswer, line: number): PinAnswer | null {
  const length = (p: PinAnswer): number => p.range.endLine - p.range.startLine;
  return pins.filter((p) => p.range.startLine <= line && line <= p.range.endLine).sort((a, b) => length(a) - length(b))[0] ?? null;
}
