function lcg(seed) {
  let s = (seed >>> 0) + 37;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[[]], [[{ id: 1, cents: 100, weights: {} }]], [[{ id: 2, cents: 100, weights: { a: 1, b: 1, c: 1 } }, { id: 3, cents: 0, weights: { a: 0, b: 2 } }]]];
  for (const [bills, people] of [[50, 3], [200, 5], [300, 8], [400, 12], [250, 30], [600, 6], [350, 20], [500, 10]]) {
    const list = [];
    for (let i = 0; i < bills; i++) {
      const weights = {};
      for (let k = 1 + pick(people); k > 0; k--) weights['person' + pick(people * 2)] = 1 + pick(4);
      list.push({ id: i, cents: pick(50000), weights });
    }
    cases.push([list]);
  }
  return cases;
}
