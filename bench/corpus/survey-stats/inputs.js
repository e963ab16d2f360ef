function lcg(seed) {
  let s = (seed >>> 0) + 71;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

export function make(seed) {
  const pick = lcg(seed);
  const answers = (n, groups, questions) =>
    Array.from({ length: n }, (_, i) => ({
      respondent: 'r' + Math.floor(i / questions),
      group: 'G' + (Math.floor(i / questions) % groups),
      question: 'Q' + (i % questions),
      value: pick(12) === 0 ? null : pick(15) === 0 ? 60 + pick(40) : pick(21) / 2,
    }));
  const cases = [[[]], [[{ respondent: 'r', group: 'g', question: 'q', value: null }]], [answers(4, 1, 1)]];
  for (const [n, g, q] of [[50, 2, 3], [150, 3, 3], [200, 2, 4], [240, 6, 2], [180, 2, 3], [300, 5, 4], [210, 4, 2], [160, 2, 2]]) cases.push([answers(n, g, q)]);
  return cases;
}
