// What a metric is, and the scale on which two measurements of it are compared.

/** `time`, `rate`, `size`: ratios where positive. `count`, `score`: differences. */
export type MetricKind = 'time' | 'rate' | 'size' | 'count' | 'score';
export type Direction = 'minimize' | 'maximize';

export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly direction: Direction;
  /** Shown after values, e.g. `ms`. */
  readonly unit?: string;
  /** Measured alone on the machine: times and rates, or what the spec says. */
  readonly exclusive: boolean;
  /** The smallest effect that matters: a fraction on the ratio scale, in the metric's unit on the difference scale. */
  readonly minEffect: number;
}

export type Scale = 'ratio' | 'difference';

/** Ratio for positive times, rates and sizes; the difference in the metric's unit for all else and for anything ≤ 0. */
export function scaleOf(kind: MetricKind, values: readonly number[]): Scale {
  return (kind === 'time' || kind === 'rate' || kind === 'size') && values.every((v) => v > 0) ? 'ratio' : 'difference';
}

/**
 * A value as a cost: lower is better, on the scale's additive axis (log for ratios).
 * Maximize f and minimize −f (or 1/f on the ratio scale) give the same costs.
 */
export function costOf(value: number, direction: Direction, scale: Scale): number {
  const x = scale === 'ratio' ? Math.log(value) : value;
  return direction === 'minimize' ? x : -x;
}

/** An effect (baseline cost − candidate cost, positive is better) as shown: a speed-up ratio, or a signed difference. */
export function effectToGain(effect: number, scale: Scale): number {
  return scale === 'ratio' ? Math.exp(effect) : effect;
}

const KIND_BY_NAME: readonly (readonly [RegExp, MetricKind])[] = [
  [/(per_s(ec(ond)?)?|_?ops|qps|rps|throughput|bandwidth|[kmg]b_?s|hz|fps|rate)$/, 'rate'],
  [/(^|_)(time|latency|duration|elapsed|runtime|wall|cpu|secs?|seconds|ms|us|ns|millis|micros|nanos|min(ute)?s)(_|$)/, 'time'],
  [/(^|_)(bytes?|size|kib|mib|gib|kb|mb|gb|rss|memory|mem)(_|$)/, 'size'],
  [/(^|_)(count|errors?|misses|failures|allocs|allocations|instructions|lines|steps|iterations|nodes|moves)(_|$)/, 'count'],
];

/** The kind that a name (and unit) suggests; `score` when nothing does. */
export function guessKind(name: string, unit?: string): MetricKind {
  for (const text of [unit, name]) {
    if (text === undefined || text === '') continue;
    const snake = text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
    for (const [pattern, kind] of KIND_BY_NAME) if (pattern.test(snake)) return kind;
  }
  return 'score';
}

/** The direction that a kind suggests, when the spec names none. */
export function guessDirection(kind: MetricKind): Direction {
  return kind === 'rate' || kind === 'score' ? 'maximize' : 'minimize';
}

/** Milliseconds in one of the metric's unit, by its unit or the end of its name; undefined when it is unknown. */
export function millisecondsPer(metric: Pick<Metric, 'name' | 'unit' | 'kind'>): number | undefined {
  if (metric.kind !== 'time') return undefined;
  const text = metric.unit ?? /_([a-z]+)$/i.exec(metric.name)?.[1] ?? '';
  const table: Record<string, number> = {
    ns: 1e-6, nanos: 1e-6, nanoseconds: 1e-6, us: 1e-3, µs: 1e-3, micros: 1e-3, microseconds: 1e-3,
    ms: 1, millis: 1, milliseconds: 1, s: 1e3, sec: 1e3, secs: 1e3, seconds: 1e3, min: 6e4, minutes: 6e4,
  };
  return table[text.toLowerCase()];
}
