// Whether times that come out of a candidate's own process are borne out: by the engine's clock, and without repeating inputs.

/** Repeated samples of one solution, in the same order: the engine's wall clock of the whole process, and the in-process wall total. */
export interface Clocked {
  readonly wallMs: readonly number[];
  /** claimedMs of call-eval.ts: all measured passes together, ms. */
  readonly claimedMs: readonly number[];
}

function median(values: readonly number[]): number {
  const s = [...values].sort((a, b) => a - b);
  const mid = s.length >> 1;
  return s.length === 0 ? Number.NaN : s.length % 2 === 1 ? (s[mid] ?? Number.NaN) : ((s[mid - 1] ?? 0) + (s[mid] ?? 0)) / 2;
}

/** The standard error of a median, from the median absolute deviation (normal-consistent: 1.4826, and 1.2533 for the median's efficiency). */
function medianError(values: readonly number[]): number {
  const m = median(values);
  return (1.4826 * 1.2533 * median(values.map((v) => Math.abs(v - m)))) / Math.sqrt(Math.max(1, values.length));
}

/**
 * Null when a claimed saving is plausible, else the reason. What the process claims to have saved in its measured passes must have
 * made the process itself shorter, as the engine's clock saw it: at least half of it, give or take three standard errors and 2 ms.
 * A forged saving smaller than the noise of a process's start cannot be seen: measure more loops then.
 * Both solutions need the same loops and passes, and at least three samples each; with fewer nothing is said.
 */
export function implausible(incumbent: Clocked, candidate: Clocked): string | null {
  if (Math.min(incumbent.wallMs.length, candidate.wallMs.length, incumbent.claimedMs.length, candidate.claimedMs.length) < 3) return null;
  const claimed = median(incumbent.claimedMs) - median(candidate.claimedMs);
  const borne = median(incumbent.wallMs) - median(candidate.wallMs);
  const error = Math.hypot(medianError(incumbent.wallMs), medianError(candidate.wallMs), medianError(incumbent.claimedMs), medianError(candidate.claimedMs));
  const unborne = claimed - borne;
  if (claimed <= 0 || unborne < 0.5 * claimed || unborne <= 3 * error + 2) return null;
  return `it claims to save ${claimed.toFixed(1)} ms a process, but the process took ${borne > 0 ? `only ${borne.toFixed(1)} ms less` : 'no less time'}`;
}

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
