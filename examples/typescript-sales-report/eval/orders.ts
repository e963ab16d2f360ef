// Months of orders to call the report with: a few small ones with everything odd in them, then some of ordinary size.

import type { Customer, Order, ReportOptions } from '../src/types.ts';

type Month = [Order[], Customer[], ReportOptions];

const FIRST = ['Ann', 'Bo', 'Cleo', 'Dan', 'Eva', 'Finn', 'Greta', 'Hugo'];
const LAST = ['Abel', 'Berg', 'Cole', 'Dahl', 'Ek', 'Falk', 'Gray', 'Holm', 'Ives'];
const REGIONS = ['North', 'South', 'East', 'West'];

/** Whole numbers below n, the same for the same seed. */
function dice(seed: number): (n: number) => number {
  let state = (seed >>> 0) + 1;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}

function month(roll: (n: number) => number, orders: number, customers: number, regulars: number): Month {
  const people: Customer[] = Array.from({ length: customers }, (_, i) => {
    const first = FIRST[roll(FIRST.length)] as string;
    const last = LAST[roll(LAST.length)] as string;
    return {
      number: 70000 + i,
      name: `${first} ${last}`,
      email: `${first}.${last}.${1000 + i}@example.org`.toLowerCase(),
      region: REGIONS[roll(REGIONS.length)] as string,
      discount: [0, 0, 0, 3, 5][roll(5)] as number,
    };
  });
  const buyers = Array.from({ length: regulars }, () => people[roll(customers)] as Customer);
  const list: Order[] = Array.from({ length: orders }, (_, i) => ({
    id: 5000 + i,
    email: roll(40) === 0 ? 'nobody@example.org' : (buyers[roll(regulars)] as Customer).email,
    status: (['cancelled', 'returned'] as const)[roll(15)] ?? 'sent',
    lines: Array.from({ length: roll(5) }, () => ({ price: 100 * (1 + roll(60)), quantity: 1 + roll(12) })),
  }));
  return [list, people, { title: `Sales ${1 + roll(12)}/2024`, top: 10 + roll(20) }];
}

export function months(seed: number): Month[] {
  const roll = dice(seed);
  const twins: Customer[] = [1, 2].map((number) => ({ number, name: 'Ann Abel', email: 'ann@example.org', region: 'North', discount: number }));
  const one: Order = { id: 1, email: 'ann@example.org', status: 'sent', lines: [{ price: 999, quantity: 10 }] };
  return [
    [[], [], { title: 'Empty', top: 10 }],
    [[one, { ...one, id: 2, status: 'returned' }], [], { title: 'Nobody', top: 10 }],
    [[one, { ...one, id: 2, status: 'returned' }, { ...one, id: 3, lines: [] }], twins, { title: 'Twins', top: 1 }],
    month(roll, 20, 30, 10),
    ...Array.from({ length: 7 }, () => month(roll, 150 + roll(70), 500 + roll(200), 190 + roll(70))),
  ];
}
