// The account of a day: it holds with calls in flight, across processes, and whatever a kill leaves in its file.

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DayLedger, stateFolder } from '../../../src/adapters/models/day-ledger.ts';
import { Purse } from '../../../src/adapters/models/purse.ts';
import { processName } from '../../../src/adapters/sandbox/identity.ts';

const never = new AbortController().signal;

describe('the account of a day', () => {
  let folder: string;
  let today: Date;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigil-day-'));
    today = new Date(2026, 10, 26, 23, 59);
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const ledger = (limit: number | null): DayLedger => new DayLedger(limit, folder, () => today);
  const file = (): string => join(folder, readdirSync(folder).find((f) => f.startsWith('spend-2026-11-26')) ?? assert.fail('no file'));
  const take = (most: number) => (left: number): { most: number } | null => (left >= most ? { most } : null);

  it('stands in the user\'s state folder', () => {
    assert.equal(stateFolder({ XDG_STATE_HOME: '/s' }), '/s/sigil');
    assert.match(stateFolder({}), /\/\.local\/state\/sigil$/);
  });

  it('counts what is spent and what calls in flight may cost, of all who have an account', async () => {
    const [a, b] = [ledger(1), ledger(null)];
    const first = await a.reserve(take(0.4), never);
    const second = await b.reserve(take(0.5), never);
    assert.ok(first.kind === 'reserved' && second.kind === 'reserved');
    assert.deepEqual(await a.reserve(take(0.2), never), { kind: 'full', inFlight: true });
    second.settle(0.1);
    first.settle(0.4);
    assert.deepEqual(a.total(), { spent: 0.5, reserved: 0 });
    assert.equal((await a.reserve(take(0.5), never)).kind, 'reserved');
    assert.equal((await b.reserve(take(99), never)).kind, 'reserved', 'who has no cap only keeps the account');
    assert.equal(statSync(file()).mode & 0o077, 0);
  });

  it('says no in words when nothing is in flight', async () => {
    const a = ledger(1);
    a.note(0.9);
    assert.deepEqual(await a.reserve(take(0.2), never), { kind: 'full', inFlight: false });
    assert.match(a.words(), /all runs of a day may spend \$1\.00 together, \$0\.90 are spent today/);
    a.note(5);
    assert.equal((await a.reserve(take(0), never)).kind, 'reserved', 'what is free fits always');
  });

  it('begins anew at midnight; a call counts for the day on which it began', async () => {
    const a = ledger(1);
    const late = await a.reserve(take(1), never);
    today = new Date(2026, 10, 27, 0, 1);
    assert.deepEqual(a.total(), { spent: 0, reserved: 0 });
    assert.ok(late.kind === 'reserved');
    late.settle(0.7);
    assert.deepEqual(a.total(), { spent: 0, reserved: 0 });
    today = new Date(2026, 10, 26, 23, 59);
    assert.deepEqual(a.total(), { spent: 0.7, reserved: 0 });
  });

  it('a run over midnight has the new day\'s money, also where it waited for calls of the old one', async () => {
    const purse = new Purse(null, 0, ledger(1));
    const ask = (): Promise<{ settle: (usd: number) => void } | null> => purse.reserve((left) => (left >= 0.6 ? { most: 0.6 } : null), never);
    const evening = await ask();
    const waits = ask();
    await new Promise((turn) => setTimeout(turn, 20));
    today = new Date(2026, 10, 27, 0, 1);
    const morning = await waits;
    assert.ok(evening !== null && morning !== null);
    evening.settle(0.6);
    morning.settle(0.5);
    assert.deepEqual(ledger(1).total(), { spent: 0.5, reserved: 0 }, 'what began in the evening is the evening\'s');
    assert.equal(await ask(), null);
    assert.match(purse.why ?? '', /\$0\.50 are spent today/);
  });

  it('what a killed run has probably spent counts for its run and for the day', async () => {
    const purse = new Purse(0.5, 0, ledger(1));
    purse.noteLost(0.3);
    assert.equal(ledger(1).total().spent, 0.3);
    assert.equal(await purse.reserve((left) => (left >= 0.3 ? { most: 0.3 } : null), never), null);
  });

  it('drops reservations of processes that are gone, keeps those of the living, and passes over torn lines', async () => {
    const a = ledger(1);
    a.note(0.1);
    const dead = processName(process.pid).replace(/\.(\d+)\.\d+$/, '.$1.1'); // this pid, but of a process that began at another time
    appendFileSync(file(), `${JSON.stringify({ id: 'x', most: 0.9, owner: dead })}\n{"id":"y","most":0.9,"own`);
    assert.deepEqual(a.total(), { spent: 0.1, reserved: 0 });
    const mine = await a.reserve(take(0.3), never);
    assert.deepEqual(a.total(), { spent: 0.1, reserved: 0.3 }, 'the line behind a torn one counts');
    assert.ok(mine.kind === 'reserved');
    mine.settle(0.2);
    appendFileSync(file(), 'null\n7\n{"id":3}\n{"id":"z","usd":"much"}\n');
    const { spent } = a.total();
    assert.ok(Math.abs(spent - 0.3) < 1e-12);
    assert.ok(readFileSync(file(), 'utf8').includes('"own\n'));
  });

  it('holds for several purses with calls in flight, together with their own limits', async () => {
    let spent = 0;
    const purses = [new Purse(0.4, 0, ledger(1)), new Purse(null, 0, ledger(1)), new Purse(null, 0, ledger(1))];
    const work = async (purse: Purse, n: number): Promise<void> => {
      for (let i = 0; i < 12; i++) {
        const got = await purse.reserve((left) => (left >= 0.05 ? { most: Math.min(left, 0.13) } : null), never);
        if (got === null) return;
        await new Promise((turn) => setImmediate(turn));
        const usd = got.most * ((n + i) % 3 === 0 ? 1 : 0.5);
        spent += usd;
        got.settle(usd);
      }
    };
    await Promise.all(purses.flatMap((p, n) => [work(p, n), work(p, n + 1)]));
    assert.ok(spent <= 1 + 1e-9 && spent > 0.85, String(spent));
    assert.match(purses[1]?.why ?? '', /all runs of a day may spend \$1\.00/);
  });
});
