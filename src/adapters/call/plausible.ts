// Whether a gain rests on the same inputs coming again. (Whether a claimed time is borne out at all: core/integrity.ts.)

import { median } from '../../core/stats/describe.ts';
import type { TimeAnswer } from './protocol.ts';

/** CPU ns of one pass over the inputs: the first ever, and the fastest later one; medians over samples. */
export interface ColdWarm {
  readonly coldNs: number;
  readonly warmNs: number;
}

export const coldWarmOf = ({ cold, passes }: Pick<TimeAnswer, 'cold' | 'passes'>): ColdWarm => ({ coldNs: cold.cpuNs, warmNs: Math.min(...passes.map((p) => p.cpuNs)) });

export const typical = (samples: readonly ColdWarm[]): ColdWarm => ({ coldNs: median(samples.map((s) => s.coldNs)), warmNs: median(samples.map((s) => s.warmNs)) });

/**
 * Null, or the reason why a gain is doubtful: it shows only when the same inputs come again, as with a cache across calls. Said where
 * the incumbent's first pass takes 2 ms or more, the later passes gain at least 2×, the first pass keeps less than a tenth of that
 * gain, and the ratio of first to later passes grew more than fivefold. Compilers and what is set up once (a table of time zones) look the same in the very first pass of a process: whether it is
 * that is asked again by code which other inputs have warmed up, where a shorter first pass (`leastNs`) says enough.
 */
export function onlyWhenRepeated(incumbent: ColdWarm, candidate: ColdWarm, leastNs = 2e6): string | null {
  const warmGain = incumbent.warmNs / candidate.warmNs;
  const coldGain = incumbent.coldNs / candidate.coldNs;
  if (incumbent.coldNs < leastNs || !(warmGain >= 2) || coldGain - 1 >= 0.1 * (warmGain - 1) || warmGain / coldGain <= 5) return null;
  return `the gain of ${warmGain.toFixed(1)}× shows only when the same inputs come again (${coldGain.toFixed(2)}× on first sight): it keeps results from call to call`;
}
