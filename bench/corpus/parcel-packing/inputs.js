function lcg(seed) {
  let s = (seed >>> 0) + 29;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

export function make(seed) {
  const pick = lcg(seed);
  const limits = { weight: 60, volume: 60000 };
  const cases = [[[], limits], [[{ id: 1, weight: 61, size: [1, 1, 1], fragile: false }], limits], [[{ id: 2, weight: 5, size: [1, 1, 1], fragile: true }, { id: 1, weight: 5, size: [1, 1, 1], fragile: true }], limits]];
  for (const [n, heavy] of [[10, 30], [80, 20], [150, 40], [200, 10], [250, 30], [180, 62], [220, 25], [160, 50]]) {
    const parcels = [];
    for (let i = 0; i < n; i++) {
      parcels.push({ id: i + 1, weight: 1 + pick(heavy), size: [5 + pick(30), 5 + pick(30), 5 + pick(30)], fragile: pick(4) === 0 });
    }
    cases.push([parcels, limits]);
  }
  return cases;
}
