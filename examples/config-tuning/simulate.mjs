// node simulate.mjs [seed]: what the service costs with settings.ini, and how many requests it drops.

import { readFileSync } from 'node:fs';
import { simulate } from './simulator/service.mjs';
import { readSettings } from './simulator/settings.mjs';
import { traffic } from './simulator/traffic.mjs';

const seed = Number(process.argv[2] ?? 1);
const { cost, dropped, hits, latency } = simulate(traffic(seed, 15000), readSettings(readFileSync(new URL('settings.ini', import.meta.url), 'utf8')));
console.log(`hits: ${hits.toFixed(4)}`);
console.log(`latency_ms: ${latency.toFixed(2)}`);
console.log(`dropped: ${dropped.toFixed(5)}`);
console.log(`cost: ${cost.toFixed(4)}`);
