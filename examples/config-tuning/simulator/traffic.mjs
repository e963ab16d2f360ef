// Requests that come in bursts and ask for some keys far more often than for others; the same for the same seed.

function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** `count` requests as { at: milliseconds, key }, in order of time. */
export function traffic(seed, count) {
  const next = random(seed);
  const requests = [];
  let at = 0;
  let rush = 0;
  for (let i = 0; i < count; i++) {
    if (rush === 0 && next() < 0.0008) rush = 200 + Math.floor(next() * 500);
    // 400 requests a second, three times as many in a rush
    at += (-Math.log(1 - next()) * 2.5) / (rush > 0 ? 3 : 1);
    rush = Math.max(0, rush - 1);
    const key = Math.floor(20000 * next() ** 4);
    requests.push({ at, key });
  }
  return requests;
}
