// node test/report.test.ts

import assert from 'node:assert/strict';
import { salesReport } from '../src/report.ts';
import type { Customer, Order } from '../src/types.ts';

const ann: Customer = { number: 2, name: 'Ann Abel', email: 'ann@example.org', region: 'North', discount: 0 };
const bo: Customer = { number: 1, name: 'Bo Berg', email: 'bo@example.org', region: 'South', discount: 5 };
const order = (id: number, email: string, price: number, quantity = 1, status: Order['status'] = 'sent'): Order => ({
  id, email, status, lines: [{ price, quantity }],
});
const options = { title: 'May', top: 10 };

// nothing sold
assert.equal(salesReport([], [ann], options), 'May\n===\n\n\n\nTotal 0.00 in 0 accounts\n');

// orders of one customer add up, a return counts against them, a cancelled order not at all
assert.equal(
  salesReport([order(1, ann.email, 150000), order(2, ann.email, 50000), order(3, ann.email, 20000, 1, 'returned'), order(4, ann.email, 99900, 1, 'cancelled')], [bo, ann], options),
  'May\n===\n\n'
  + '   1. Ann Abel                 North     3     1,500.00       1,800.00 100.0 %\n'
  + '\nNorth            1,800.00\n'
  + '\nTotal 1,800.00 in 1 accounts\n',
);

// ten pieces are cheaper, the customer's discount comes on top, equal totals go by number
const lines = salesReport([order(1, ann.email, 9025), order(2, bo.email, 1000, 10)], [ann, bo], options).split('\n');
assert.match(lines[3] ?? '', /^ +1\. Bo Berg .* 90\.25  50\.0 %$/);
assert.match(lines[4] ?? '', /^ +2\. Ann Abel .* 90\.25  50\.0 %$/);

// only the best are listed, but all are counted
const short = salesReport([order(1, ann.email, 100), order(2, bo.email, 200)], [ann, bo], { title: 'May', top: 1 });
assert.match(short, /1\. Bo Berg/);
assert.doesNotMatch(short, /Ann Abel/);
assert.match(short, /in 2 accounts/);

// of two customers with one address the first counts; an unknown address is reported
const twins = salesReport([order(7, ann.email, 100), order(8, 'who@example.org', 100)], [ann, { ...ann, number: 9, name: 'Anna' }], options);
assert.match(twins, /Ann Abel/);
assert.match(twins, /! Order 8: no customer who@example\.org\n$/);

console.log('all reports are as they should be');
