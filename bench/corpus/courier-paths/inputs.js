function lcg(seed) {
  let s = (seed >>> 0) + 23;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], 'N0', ['N0', 'N1']], [[{ a: 'x', b: 'y', minutes: 0, oneWay: true }], 'y', ['x']]];
  for (const [n, edges, stops] of [[10, 20, 5], [80, 150, 20], [150, 350, 30], [200, 450, 60], [120, 600, 40], [220, 380, 100], [180, 500, 50], [100, 900, 30]]) {
    const streets = [];
    for (let i = 0; i < edges; i++) {
      const a = i < n - 2 ? i : pick(n - 1);
      const b = i < n - 2 ? Math.max(0, a + 1 - pick(8)) : pick(n - 1);
      // minutes in 1/1024ths with a spread wide enough that two ways are hardly ever equally long
      streets.push({ a: 'N' + a, b: 'N' + b, minutes: (1024 + pick(1000000)) / 1024, oneWay: pick(5) === 0 });
    }
    cases.push([streets, 'N0', Array.from({ length: stops }, () => 'N' + pick(n))]);
  }
  return cases;
}

module.exports = { make };
