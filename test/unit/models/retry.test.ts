// Trying again: how long, how often, and what is given up at once. On a clock of its own.

import assert from 'node:assert/strict';
import { CallFailed, NO_USAGE, type Answer, type ModelClient } from '../../../src/adapters/models/client.ts';
import { retryAfter } from '../../../src/adapters/models/failures.ts';
import { Gate } from '../../../src/adapters/models/gate.ts';
import { PatientClient, RETRY } from '../../../src/adapters/models/retry.ts';

const ANSWER: Answer = { text: 'x', usage: NO_USAGE, stop: 'end' };
const REQUEST = { system: '', messages: [], maxTokens: 1 };
const never = new AbortController().signal;

function patient(outcomes: (CallFailed | Answer)[], random = 0.5): { client: PatientClient; waits: number[]; told: string[]; clock: { now: number } } {
  const clock = { now: 0 };
  const waits: number[] = [];
  const told: string[] = [];
  const inner: ModelClient = {
    check: () => Promise.resolve(),
    complete: () => {
      const next = outcomes.shift();
      if (next === undefined) throw new Error('called too often');
      return next instanceof CallFailed ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    clock.now += ms;
    return Promise.resolve();
  };
  const gate = new Gate('openai', 4, { now: () => clock.now, wait, say: (t) => told.push(t) });
  const client = new PatientClient(inner, gate, { ...RETRY, now: () => clock.now, random: () => random, onWait: (t) => told.push(t), wait });
  return { client, waits, told, clock };
}
const later = (retryAfterMs: number | null = null): CallFailed => new CallFailed('later', 'openai/x: overloaded', { retryAfterMs });

describe('retries', () => {
  it('wait longer each time, with jitter, and end', async () => {
    const p = patient(Array.from({ length: 7 }, () => later()));
    await assert.rejects(p.client.complete(REQUEST, never), (e: CallFailed) => e.kind === 'fatal' && /overloaded; 7 tries/.test(e.message));
    assert.deepEqual(p.waits, [750, 1500, 3000, 6000, 12000, 24000]);
    assert.equal(p.told[0], 'openai/x: overloaded; waiting 0.8 s (try 2 of 7)');
    const [low, high] = [0, 0.999].map((r) => patient([later(), ANSWER], r));
    await low?.client.complete(REQUEST, never);
    await high?.client.complete(REQUEST, never);
    assert.ok((low?.waits[0] ?? 0) < (high?.waits[0] ?? 0));
  });

  it('wait at least as long as the server asks, all calls alike, and not for ever', async () => {
    const p = patient([later(20_000), ANSWER, ANSWER]);
    await p.client.complete(REQUEST, never);
    assert.ok((p.waits[0] ?? 0) >= 20_000 && (p.waits[0] ?? 0) < 26_000, String(p.waits));
    const q = patient([later(20_000), ANSWER, ANSWER]);
    const first = q.client.complete(REQUEST, never);
    await Promise.resolve();
    await Promise.resolve();
    q.clock.now = 0;
    await q.client.complete(REQUEST, never);
    await first;
    assert.ok(q.waits.filter((w) => w >= 20_000).length >= 2, `another call waits too: ${q.waits.join(' ')}`);
    await assert.rejects(patient([later(3_600_000)]).client.complete(REQUEST, never), /asks to wait 60 min/);
  });

  it('try nothing again that will fail again, and count what broken answers used', async () => {
    for (const kind of ['fatal', 'too-long'] as const) {
      const p = patient([new CallFailed(kind, 'no')]);
      await assert.rejects(p.client.complete(REQUEST, never), (e: CallFailed) => e.kind === kind);
      assert.deepEqual(p.waits, []);
    }
    const used = { ...NO_USAGE, input: 10, output: 3 };
    const p = patient([new CallFailed('later', 'cut', { used }), new CallFailed('later', 'busy'), ANSWER]);
    assert.deepEqual(await p.client.complete(REQUEST, never), { ...ANSWER, lost: [used] });
  });

  it('read Retry-After as seconds, milliseconds and dates', () => {
    const of = (h: Record<string, string>): number | null => retryAfter(new Headers(h), Date.parse('2026-11-26T12:00:00Z'));
    assert.equal(of({ 'retry-after': '3' }), 3000);
    assert.equal(of({ 'retry-after-ms': '250', 'retry-after': '3' }), 250);
    assert.equal(of({ 'retry-after': 'Thu, 26 Nov 2026 12:00:30 GMT' }), 30_000);
    assert.equal(of({ 'retry-after': 'soon' }), null);
    assert.equal(of({}), null);
  });
});
