function lcg(seed) {
  let s = (seed >>> 0) + 61;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[[], [], []], [[], ['u1'], []], [[['u1', 'u2'], ['u2', 'u3'], ['u3', 'u2']], ['u1', 'u3'], ['u1'], 3]];
  for (const [people, edges, asked] of [[10, 20, 4], [50, 120, 5], [70, 160, 5], [60, 200, 4], [90, 220, 6], [80, 150, 8], [55, 170, 4], [100, 250, 4]]) {
    const pairs = [];
    for (let i = 0; i < edges; i++) {
      const a = pick(people);
      const b = pick(people);
      if (a !== b) pairs.push(['u' + a, 'u' + b]);
    }
    cases.push([pairs, Array.from({ length: asked }, () => 'u' + pick(people)), ['u1', 'u' + pick(people)]]);
  }
  return cases;
}
