function lcg(seed) {
  let s = (seed >>> 0) + 11;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

function tree(pick, depth, width) {
  if (depth === 0 || pick(8) === 0) return [null, true, pick(1000), 'text ' + pick(50), {}, []][pick(6)];
  if (pick(3) === 0) {
    const list = [];
    for (let i = pick(width) + 1; i > 0; i--) list.push(tree(pick, depth - 1, width));
    return list;
  }
  const out = {};
  for (let i = pick(width) + 2; i > 0; i--) out[['size', 'color', 'on', 'with-dash', 'a b', 'limit'][pick(6)] + pick(40)] = tree(pick, depth - 1, width);
  return out;
}

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[null], [{}], [[]], [{ a: { b: [] } }], [{ 'a.b': 1, a: { b: 2 } }]];
  for (const [depth, width] of [[1, 5], [2, 5], [1, 30], [2, 8], [3, 4], [2, 7], [3, 3], [1, 38], [2, 8], [1, 18]]) {
    const root = {};
    for (let i = 0; i < width; i++) root['part' + i] = tree(pick, depth, width);
    cases.push([root]);
  }
  return cases;
}
