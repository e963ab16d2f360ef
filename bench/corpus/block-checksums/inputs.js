function lcg(seed) {
  let s = (seed >>> 0) + 67;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], 16, []], [[1, 2, 3], 2, []], [[49, 50, 51, 52, 53, 54, 55, 56, 57], 9, ['cbf43926', 'extra']]];
  for (const [n, block] of [[5000, 64], [150000, 1024], [200000, 4096], [120000, 512], [250000, 65536], [180000, 256], [160000, 8192], [220000, 2048]]) {
    cases.push([Array.from({ length: n }, () => pick(256)), block, []]);
  }
  return cases;
}
