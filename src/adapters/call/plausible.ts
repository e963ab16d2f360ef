// Whether a gain rests on the same inputs coming again. (Whether a claimed time is borne out at all: core/integrity.ts.)

/** CPU ns of one pass over the inputs: the first ever, and the fastest later one; medians over samples. */
export interface ColdWarm {
  readonly coldNs: number;
  readonly warmNs: number;
}

/**
 * Null, or the reason why a gain is doubtful: it shows only when the same inputs come again, as with a cache across calls. Said where
 * the incumbent's first pass takes 2 ms or more, the later passes gain at least 2×, the first pass keeps less than a tenth of that
 * gain, and the ratio of first to later passes grew more than fivefold (compilers warm up too).
 */
export function onlyWhenRepeated(incumbent: ColdWarm, candidate: ColdWarm): string | null {
  const warmGain = incumbent.warmNs / candidate.warmNs;
  const coldGain = incumbent.coldNs / candidate.coldNs;
  if (incumbent.coldNs < 2e6 || !(warmGain >= 2) || coldGain - 1 >= 0.1 * (warmGain - 1) || warmGain / coldGain <= 5) return null;
  return `the gain of ${warmGain.toFixed(1)}× shows only when the same inputs come again (${coldGain.toFixed(2)}× on first sight): it keeps results from call to call`;
}
