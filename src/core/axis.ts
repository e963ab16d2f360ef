// The axis on which a spec's solutions are compared: its objective's value, as an additive cost.

import { costOf, scaleOf, type Direction, type MetricKind, type Scale } from './metric.ts';
import { evaluate, satisfies } from './objective.ts';
import type { Spec, SpecMetric } from './spec.ts';

export interface Axis {
  readonly direction: Direction;
  readonly kind: MetricKind;
  readonly scale: Scale;
  /** Noise only ever adds time, so times and rates are compared by their low tail; the rest by the mean. */
  readonly statistic: 'low-tail' | 'mean';
  /** The smallest effect that matters, on this axis. */
  readonly minEffect: number;
  readonly exclusive: boolean;
  readonly unit: string;
}

/** The metric that the objective is, when it is one metric alone. */
export function soleMetric(spec: Spec): SpecMetric | null {
  const e = spec.objective.expression;
  return e.op === 'metric' ? (spec.metrics.find((m) => m.name === e.name) ?? null) : null;
}

/** The axis for a spec, given the objective's values at the baseline. */
export function axisOf(spec: Spec, values: readonly number[]): Axis {
  const metric = soleMetric(spec);
  const kind = metric?.kind ?? 'score';
  const scale = scaleOf(kind, values);
  const minEffect = metric?.minEffect ?? 0;
  return {
    direction: spec.objective.direction, kind, scale,
    statistic: kind === 'time' || kind === 'rate' ? 'low-tail' : 'mean',
    minEffect: scale === 'ratio' ? Math.log1p(minEffect) : kind === 'time' || kind === 'rate' ? 0 : minEffect,
    exclusive: spec.metrics.some((m) => m.exclusive),
    unit: metric?.unit ?? '',
  };
}

/** The objective's value of one sample. */
export function objectiveValue(spec: Spec, values: Readonly<Record<string, number>>): number {
  return evaluate(spec.objective.expression, values);
}

/** Lower is better. NaN for a value that the axis cannot hold (≤ 0 on the ratio scale). */
export function costOn(axis: Axis, value: number): number {
  return axis.scale === 'ratio' && !(value > 0) ? NaN : costOf(value, axis.direction, axis.scale);
}

/** The first constraint that the values break, in words; null when all hold. */
export function brokenConstraint(spec: Spec, values: Readonly<Record<string, number>>): string | null {
  for (const c of spec.objective.constraints) {
    const v = values[c.metric] ?? NaN;
    if (!satisfies(c, v)) return `${c.metric} ${c.relation} ${c.bound} does not hold: ${Number.isNaN(v) ? 'no value' : String(v)}`;
  }
  return null;
}

/** Means of the metrics over several samples. The mean of equal values is that value, to the bit: constraints are held against it. */
export function meanValues(samples: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const out: Record<string, number> = {};
  samples.forEach((s, i) => {
    for (const [k, v] of Object.entries(s)) out[k] = i === 0 ? v : (out[k] ?? 0) + (v - (out[k] ?? 0)) / (i + 1);
  });
  return out;
}
