// What a run with a model may cost before it begins: a broad range, since nobody knows how long a model thinks.

/** USD. */
export interface CostRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Tokens that a call may take: with a small function, few lessons and a short answer, and with many and much thinking. Recorded calls with small
 * functions had 600 to 3,600 tokens of prompt; prompts may have up to 24,000.
 */
const CALL = { in: [600, 16_000], out: [200, 8000] } as const;
/** Calls for each evaluation: answers that are no edit, or the same as one before, are paid too. */
const CALLS = [1, 1.5] as const;

/** @param price USD per million tokens */
export function runCost(price: { readonly input: number; readonly output: number }, evaluations: number): CostRange {
  const at = (i: 0 | 1): number => ((CALL.in[i] * price.input + CALL.out[i] * price.output) / 1e6) * CALLS[i] * evaluations;
  return { low: at(0), high: at(1) };
}

export function rangeText({ low, high }: CostRange): string {
  const shown = (usd: number): string => `$${usd.toFixed(usd < 10 ? 2 : 0)}`;
  if (high < 0.01) return 'under $0.01';
  return low < 0.01 ? `up to about ${shown(high)}` : `about ${shown(low)} to ${shown(high)}`;
}

/** @param price USD per million tokens */
export function estimateWords(price: { readonly input: number; readonly output: number }, evaluations: number): string {
  return `${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'}: ${rangeText(runCost(price, evaluations))}`;
}
