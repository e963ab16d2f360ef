function lcg(seed) {
  let s = (seed >>> 0) + 13;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const matrix = (pick, r, c) => Array.from({ length: r }, () => Array.from({ length: c }, () => pick(400) / 4));

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], [], []], [[[1, 2]], [[1, 2, 3]], ['misfit']], [[[0, 0]], [[0], [0]], []]];
  for (const [a, b, c] of [[5, 5, 5], [20, 30, 20], [40, 25, 30], [10, 120, 40], [60, 20, 20], [50, 40, 30], [35, 50, 25], [30, 60, 30]]) {
    cases.push([matrix(pick, a, b), matrix(pick, b, c), Array.from({ length: pick(a) }, (_, i) => 'P' + i)]);
  }
  return cases;
}
