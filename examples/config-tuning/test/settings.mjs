// node test/settings.mjs: the settings can be read, and the simulation does what it should.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { simulate } from '../simulator/service.mjs';
import { readSettings } from '../simulator/settings.mjs';
import { traffic } from '../simulator/traffic.mjs';

const text = readFileSync(new URL('../settings.ini', import.meta.url), 'utf8');
const settings = readSettings(text);

assert.throws(() => readSettings(text.replace(/^batch\b.*$/m, '')), /workers\.batch is missing/);
assert.throws(() => readSettings(`${text}\nspeed = 9\n`), /there is no setting workers\.speed/);
assert.throws(() => readSettings(`${text}\ncount = 1.5\n`), /whole number/);

// the same traffic and settings give the same figures
const day = traffic(3, 2000);
assert.deepEqual(simulate(day, settings), simulate(traffic(3, 2000), settings));
assert.deepEqual(simulate([], settings).dropped, 0);

// one request: it lingers, is fetched alone, and nothing is dropped
const quiet = { 'cache.entries': 10, 'queue.length': 5, 'workers.count': 2, 'workers.batch': 4, 'workers.linger': 20 };
assert.equal(simulate([{ at: 0, key: 1 }], quiet).latency, 20 + 30 + 5);
// the second comes when the first is in the cache, the third when it is not there any more
const three = [{ at: 0, key: 1 }, { at: 100, key: 1 }, { at: 200, key: 2 }, { at: 300, key: 1 }];
assert.equal(simulate(three, quiet).hits, 2 / 4);
assert.equal(simulate(three, { ...quiet, 'cache.entries': 1 }).hits, 1 / 4);
// a batch that is full does not linger
const four = [0, 1, 2, 3].map((key) => ({ at: 0, key }));
assert.equal(simulate(four, quiet).latency, 30 + 4 * 5);
// a queue of one drops what comes while one waits
assert.equal(simulate(four, { ...quiet, 'queue.length': 1 }).dropped, 0.75);
// more cache, more hits
assert.ok(simulate(day, { ...quiet, 'cache.entries': 1000 }).hits > simulate(day, quiet).hits);

console.log('the settings and the simulation are in order');
