// node bench/report.ts: the report on months that the search has not seen. Prints the CPU time of one pass over them.

import { months } from '../eval/orders.ts';
import { salesReport } from '../src/report.ts';

const inputs = months(2024);
let best = Infinity;
for (let pass = 0; pass < 15; pass++) {
  const before = process.cpuUsage();
  for (const month of inputs) salesReport(...month);
  const { user, system } = process.cpuUsage(before);
  best = Math.min(best, (user + system) / 1000);
}
console.log(`time_ms: ${best.toFixed(3)}`);
