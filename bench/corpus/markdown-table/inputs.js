function lcg(seed) {
  let s = (seed >>> 0) + 7;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

function records(pick, n, columns) {
  const out = [];
  for (let i = 0; i < n; i++) {
    const record = {};
    for (let c = 0; c < columns; c++) {
      const kind = (c * 7 + 3) % 4;
      if (pick(12) === 0) continue;
      if (kind === 0) record['num' + c] = pick(100000);
      else if (kind === 1) record['price' + c] = pick(100000) / 100;
      else if (kind === 2) record['name' + c] = ['ok', 'a|b', 'two\nlines', 'a longer remark here', null][pick(5)];
      else record['c' + c] = pick(2) === 0 ? 'yes' : 17;
    }
    out.push(record);
  }
  return out;
}

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], {}], [[{}], {}], [[{ a: 1 }], { hide: ['a'] }], [[{ a: '' }, { b: null }], {}]];
  for (const [n, c] of [[8, 3], [20, 4], [28, 5], [18, 8], [40, 3], [25, 6], [34, 4], [30, 5]]) {
    cases.push([records(pick, n, c), pick(2) === 0 ? { hide: ['num0'] } : {}]);
  }
  return cases;
}
