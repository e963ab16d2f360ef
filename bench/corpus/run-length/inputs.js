function lcg(seed) {
  let s = (seed >>> 0) + 3;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

function mask(pick, length, run) {
  let out = '';
  while (out.length < length) out += 'WBRG'[pick(4)].repeat(1 + pick(run));
  return out.slice(0, length);
}

exports.make = function make(seed) {
  const pick = lcg(seed);
  const cases = [[[]], [['', 'W', 'WW']], [['W5', 'WWWWWWWWWWWWW', 'WBWBWB']]];
  for (const [n, length, run] of [[20, 500, 4], [40, 800, 2], [10, 3000, 30], [60, 400, 8], [25, 1200, 1], [15, 4000, 12], [30, 1500, 3], [50, 700, 6]]) {
    const list = [];
    for (let i = 0; i < n; i++) list.push(mask(pick, length + pick(50), run));
    cases.push([list]);
  }
  return cases;
};
