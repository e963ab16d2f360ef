// What a run with a model may cost before it begins: a broad range, since nobody knows how long a model thinks.

/** Tokens that a call may take: with few lessons and a short answer, and with many and much thinking. */
const CALL = { in: [1500, 16_000], out: [400, 8000] } as const;

/** @param price USD per million tokens */
export function estimateWords(price: { readonly input: number; readonly output: number }, evaluations: number): string {
  const [low, high] = ([0, 1] as const).map((i) => ((CALL.in[i] * price.input + CALL.out[i] * price.output) / 1e6) * evaluations);
  const shown = (usd = 0): string => (usd < 0.01 ? '$0.01' : `$${usd.toFixed(usd < 10 ? 2 : 0)}`);
  return `${evaluations} ${evaluations === 1 ? 'proposal' : 'proposals'}: about ${shown(low)} to ${shown(high)}`;
}
