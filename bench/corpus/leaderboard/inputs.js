function lcg(seed) {
  let s = (seed >>> 0) + 17;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const FIRST = ['Ann', 'Bo', 'Cy', 'Dan', 'Eve', 'Åke', 'Zoë', 'Max', 'Ida', 'Lea'];
const LAST = ['Berg', 'Holm', 'Lund', 'Dahl', 'Ek', 'Ström', 'Öberg', 'Vik', 'Ås', 'Falk', ''];

function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], []], [[{ runner: { first: 'Ann', last: '', club: 'A' }, points: 0 }], ['Ann']]];
  for (const [n, people] of [[10, 30], [80, 60], [180, 250], [260, 200], [220, 500], [300, 350], [240, 90], [250, 400]]) {
    const results = [];
    for (let i = 0; i < n; i++) {
      const k = pick(people);
      const suffix = k >= 110 ? ' ' + Math.floor(k / 110) : '';
      results.push({ runner: { first: FIRST[k % 10], last: LAST[k % 11] + suffix, club: 'Club ' + (k % 7) }, points: pick(120) });
    }
    const last = [];
    for (const r of results) {
      const name = `${r.runner.first} ${r.runner.last}`.trim();
      if (pick(3) > 0 && !last.includes(name)) last.push(name);
    }
    cases.push([results, last]);
  }
  return cases;
}

module.exports = { make };
