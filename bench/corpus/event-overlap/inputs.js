function lcg(seed) {
  let s = (seed >>> 0) + 47;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const PEOPLE = ['ann', 'bob', 'cleo', 'dev', 'eli', 'fay', 'gus', 'hal', 'ivy', 'jo'];

export function make(seed) {
  const pick = lcg(seed);
  const two = (n) => String(n).padStart(2, '0');
  const meetings = (n, days) =>
    Array.from({ length: n }, (_, i) => {
      const start = 8 * 60 + pick(36) * 15;
      const end = start + (1 + pick(8)) * 15;
      const day = `2024-05-${two(1 + pick(days))}`;
      const people = [];
      for (let k = 1 + pick(4); k > 0; k--) if (!people.includes(PEOPLE[k])) people.push(PEOPLE[pick(10)]);
      const m = { id: `m${two(Math.floor(i / 100))}${two(i % 100)}`, start: `${day}T${two(Math.floor(start / 60))}:${two(start % 60)}:00Z`, end: `${day}T${two(Math.floor(end / 60))}:${two(end % 60)}:00Z`, people: [...new Set(people)] };
      if (pick(12) === 0) m.cancelled = true;
      return m;
    });
  const back = [{ id: 'a', start: '2024-01-01T09:00:00Z', end: '2024-01-01T10:00:00Z', people: ['x'] }, { id: 'b', start: '2024-01-01T10:00:00Z', end: '2024-01-01T11:00:00Z', people: ['x'] }];
  const cases = [[[]], [meetings(1, 1)], [back], [meetings(6, 1)]];
  for (const [n, days] of [[25, 2], [35, 5], [40, 3], [45, 10], [30, 1], [50, 8], [38, 2], [42, 6]]) cases.push([meetings(n, days)]);
  return cases;
}
