function lcg(seed) {
  let s = (seed >>> 0) + 5;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 4294967296;
  };
}

function make(seed) {
  const next = lcg(seed);
  const cases = [[[], 10, 0.1], [[{ name: 'sun', x: 0, y: 0, vx: 0, vy: 0, mass: 100 }], 5, 0.1]];
  for (const [n, steps] of [[2, 2000], [5, 2000], [9, 1500], [16, 500], [30, 200], [12, 900], [60, 60], [8, 1500], [20, 350]]) {
    const bodies = [];
    for (let i = 0; i < n; i++) {
      // on a grid, so that nothing comes close enough to magnify rounding
      bodies.push({ name: 'b' + i, x: (i % 8) * 10 + next(), y: Math.floor(i / 8) * 10 + next(), vx: next() - 0.5, vy: next() - 0.5, mass: 0.5 + next() });
    }
    cases.push([bodies, steps, 0.001]);
  }
  return cases;
}

module.exports = { make };
