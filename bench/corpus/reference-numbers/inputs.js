function lcg(seed) {
  let s = (seed >>> 0) + 31;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

function make(seed) {
  const pick = lcg(seed);
  const cases = [[[]], [[{ account: 'none', year: 0, counter: 0 }]], [[{ account: '1', year: 1, counter: 1 }, { account: '1', year: 1, counter: 1 }, { account: '-1-', year: 1, counter: 1 }]]];
  for (const [n, accounts] of [[10, 5], [100, 40], [200, 500], [300, 60], [150, 10], [250, 900], [180, 30], [220, 100]]) {
    const list = [];
    for (let i = 0; i < n; i++) {
      list.push({ account: `DE-${1000 + pick(accounts)}-${pick(3)}`, year: 2020 + pick(3), counter: pick(40) });
    }
    cases.push([list]);
  }
  return cases;
}

module.exports = { make };
