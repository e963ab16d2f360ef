function lcg(seed) {
  let s = (seed >>> 0) + 59;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const CARRIERS = ['Ace', 'Bolt', 'Cargo', 'Dart'];

export function make(seed) {
  const pick = lcg(seed);
  const rates = (n) =>
    Array.from({ length: n }, () => {
      const from = pick(90000);
      const surcharges = [];
      if (pick(2) === 0) surcharges.push({ kind: 'bulky', percent: 5 * (1 + pick(6)) });
      if (pick(3) === 0) surcharges.push({ kind: 'express', percent: 50 });
      return { carrier: CARRIERS[pick(4)], country: ['DE', 'at', 'FR'][pick(3)], zipFrom: String(from), zipTo: String(from + pick(60000)), maxWeight: [2, 5, 10, 31][pick(4)], price: `${3 + pick(30)}.${pick(2) === 0 ? '50' : '05'} EUR`, surcharges };
    });
  const parcels = (n) => Array.from({ length: n }, (_, id) => ({ id, country: ['de', 'AT', 'FR', 'IT'][pick(4)], zip: String(pick(99999)), weight: 1 + pick(33), flags: [[], ['bulky'], ['express', 'bulky']][pick(3)] }));
  const cases = [[[], []], [parcels(2), []], [[], rates(2)]];
  for (const [p, r] of [[10, 20], [80, 60], [120, 100], [60, 200], [150, 80], [100, 120], [200, 60], [90, 150]]) cases.push([parcels(p), rates(r)]);
  return cases;
}
