// The journal on disk: torn tails, unknown lines, its lock, and actions from several processes at once.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { FileJournal, appendAction, isRunning, lastEvent, readActions, readEvents, runningPid, visitEvents } from '../../../src/adapters/journal/file-journal.ts';
import { ensureSigilDir, listRuns, newRunName, runPaths, type RunPaths } from '../../../src/adapters/journal/layout.ts';
import { LineWriter, readLines, visitLines } from '../../../src/adapters/journal/lines.ts';
import { ProcessLock, holderOf, startOf } from '../../../src/adapters/journal/process-lock.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { Event, EventBody } from '../../../src/core/events.ts';

const round = (n: number): EventBody => ({ type: 'round', id: `s${n}`, phase: 'screen', against: 'baseline', pair: n, candidate: n, incumbent: 1, metrics: { 'ünïcode 😀': n } });
const asked = (n: number): EventBody => ({ type: 'asked', ask: n, request: { parent: 'baseline', inspirations: [] }, rng: '' });

describe('the journal on disk', () => {
  let dir = '';
  let paths: RunPaths;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'sigil-journal-'));
    paths = runPaths(dir, 'spec', 'v1', 'run');
  });
  afterEach(() => {
    for (const c of children.splice(0)) c.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  const child = (...args: string[]): ChildProcess => {
    const c = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'writer.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(c);
    return c;
  };
  const writing = async (bodies: readonly EventBody[]): Promise<readonly Event[]> => {
    const journal = new FileJournal(paths, () => 7);
    const events = bodies.map((b, i) => journal.append(b, i % 2 === 0));
    await journal.close();
    return events;
  };

  it('gives back what was appended, and numbers on', async () => {
    const first = await writing([asked(0), round(1), round(2)]);
    const second = await writing([asked(1)]);
    assert.deepEqual(readEvents(paths.journal), { events: [...first, ...second], torn: 0 });
    assert.deepEqual(second[0]?.seq, 3);
    assert.deepEqual(lastEvent(paths.journal), second[0]);
    assert.deepEqual(readEvents(path.join(dir, 'absent')), { events: [], torn: 0 });
  });

  it('cut at any byte loses the torn line only, and goes on behind it', async () => {
    const events = await writing([asked(0), round(1), asked(1)]);
    const whole = readFileSync(paths.journal);
    for (let n = 0; n <= whole.length; n++) {
      writeFileSync(paths.journal, whole.subarray(0, n));
      const text = whole.subarray(0, n).toString('latin1');
      const lines = text.split('\n').length - 1;
      const complete = lines + (n > 0 && whole[n] === 10 ? 1 : 0); // a last line that lacks its newline only is whole
      const { events: left } = readEvents(paths.journal);
      assert.deepEqual(left, events.slice(0, complete), `cut at ${n}`);
      const [more] = await writing([asked(9)]);
      const after = readEvents(paths.journal);
      assert.deepEqual(after.events, [...left, more]);
      assert.equal(after.torn, text.endsWith('\n') || text === '' || complete > lines ? 0 : 1, 'the evidence stays');
      assert.equal(more?.seq, left.length);
    }
  });

  it('gives back where the time goes, so that prompts of a resumed run tell it too', async () => {
    await writing([asked(0), { type: 'profiled', id: 'baseline', text: '90 % in find' }]);
    assert.deepEqual(readEvents(paths.journal).events.map((e) => e.type), ['asked', 'profiled']);
  });

  it('passes over lines of newer writers and of none', async () => {
    await writing([asked(0)]);
    appendFileSync(paths.journal, '{"v":1,"seq":1,"t":1,"type":"of-the-future","x":1}\n\n[1]\n"text"\nnull\n{"v":2,"seq":2,"t":1,"type":"asked"}\n{"v":1,"seq":-1,"t":1,"type":"asked"}\nbroken{\n');
    await writing([asked(1)]);
    const { events, torn } = readEvents(paths.journal);
    assert.deepEqual(events.map((e) => (e.type === 'asked' ? e.ask : null)), [0, 1]);
    assert.equal(torn, 1);
    assert.equal(events[1]?.seq, 2, 'behind the number of an event that this version does not know');
  });

  it('is read in pieces, whatever the length of its lines', () => {
    mkdirSync(dir, { recursive: true });
    const file = path.join(dir, 'long.jsonl');
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(700_000), fc.constantFrom('x', 'é', '😀')), { minLength: 1, maxLength: 5 }), (lines) => {
      const values = lines.map(([n, c], i) => ({ i, text: c.repeat(n % (i === 0 ? 2_000_000 : 300_000)) }));
      writeFileSync(file, values.map((v) => `${JSON.stringify(v)}\n`).join(''));
      assert.deepEqual(readLines(file).values, values);
      let first: unknown;
      visitLines(file, (v) => {
        first = v;
        return false;
      });
      assert.deepEqual(first, values[0]);
    }), { numRuns: 15 });
  });

  it('tells when a line that is on its way is on the disk, and when the disk refuses', async () => {
    mkdirSync(paths.dir, { recursive: true });
    const writer = new LineWriter(paths.journal);
    assert.equal(writer.settled(), null, 'nothing is on its way');
    writer.append({ a: 1 }, 'soon');
    writer.append({ a: 2 }, 'soon');
    const settling = writer.settled();
    assert.ok(settling);
    await settling;
    assert.equal(writer.settled(), null);
    await writer.close();
    const broken = new LineWriter('/dev/null'); // takes writes, and cannot be synced
    broken.append({ a: 1 }, 'soon');
    await assert.rejects(async () => broken.settled());
    assert.throws(() => { broken.append({ a: 2 }, 'no'); });
  });

  it('visits of rounds in a row the last at most, and that only at the end of the file', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (kinds) => {
      rmSync(paths.dir, { recursive: true, force: true });
      mkdirSync(paths.dir, { recursive: true });
      const writer = new LineWriter(paths.journal);
      const events = kinds.map((isRound, seq) => ({ v: 1, seq, t: 1, ...(isRound ? round(seq) : asked(seq)) }));
      for (const e of events) writer.append(e, 'no');
      const seen: Event[] = [];
      visitEvents(paths.journal, (e) => void seen.push(e), 'last');
      assert.deepEqual(seen, events.filter((e, i) => e.type !== 'round' || i === events.length - 1));
      void writer.close();
    }), { numRuns: 100 });
  });

  it('has one writer: a second is refused by name, a reader sees that it runs', async () => {
    const journal = new FileJournal(paths, () => 1);
    assert.equal(isRunning(paths), true);
    assert.equal(runningPid(paths), process.pid);
    assert.throws(() => new FileJournal(paths, () => 1), (e) => e instanceof UserError && e.message.includes(`run run is in use by process ${process.pid}`) && /sigil stop/.test(e.remedy));
    await journal.close();
    assert.equal(isRunning(paths), false);
    await writing([asked(0)]);
    assert.deepEqual(readdirSync(paths.dir), ['journal.jsonl'], 'nothing is left lying about');
  });

  it('is refused to others while another process holds it, and taken over when that is killed', async () => {
    mkdirSync(paths.dir, { recursive: true });
    const holder = child('hold', paths.lock);
    await once(holder.stdout!, 'data');
    assert.equal(runningPid(paths), holder.pid);
    assert.throws(() => new FileJournal(paths, () => 1), new RegExp(`in use by process ${holder.pid}`));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    assert.equal(isRunning(paths), false);
    await writing([asked(0)]);
    assert.equal(existsSync(paths.lock), false);
  });

  it('is taken over from a number that another process has now, from an empty and from a garbled lock', async () => {
    mkdirSync(paths.dir, { recursive: true });
    const reused = { pid: process.pid, start: startOf(process.pid) === null ? null : '1' };
    for (const text of [...(reused.start === null ? [] : [JSON.stringify(reused)]), '', 'garbage', JSON.stringify({ pid: 2 ** 22 + 1, start: '1' })]) {
      writeFileSync(paths.lock, text);
      assert.equal(holderOf(paths.lock), null);
      await writing([asked(0)]);
    }
  });

  it('a takeover that died half-way does not bar the next for ever', async () => {
    mkdirSync(paths.dir, { recursive: true });
    writeFileSync(paths.lock, 'garbage');
    writeFileSync(`${paths.lock}.takeover`, 'garbage');
    assert.throws(() => ProcessLock.acquire(paths.lock, 'it'), UserError);
    // As if six seconds had passed: the age is the change of the inode, which cannot be set, so the clock is turned instead.
    const now = Date.now;
    Date.now = () => now() + 6000;
    try {
      ProcessLock.acquire(paths.lock, 'it').release();
    } finally {
      Date.now = now;
    }
    utimesSync(dir, new Date(), new Date());
    assert.deepEqual(readdirSync(paths.dir), []);
    await writing([asked(0)]);
  });

  it('is held by one at a time, however many take over from the dead at once', async () => {
    const runners = Array.from({ length: 4 }, () => child('relay', dir, '80'));
    const codes = await Promise.all(runners.map(async (w) => (await once(w, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0, 0]);
  });

  it('takes actions of several processes at once, whole and numbered, also over a stale lock', async () => {
    mkdirSync(paths.dir, { recursive: true });
    writeFileSync(`${paths.actions}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, start: '1' }));
    const writers = Array.from({ length: 4 }, () => child('act', dir, '12'));
    const codes = await Promise.all(writers.map(async (w) => (await once(w, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0, 0]);
    const actions = readActions(paths.actions);
    assert.equal(actions.length, 48);
    assert.deepEqual(actions.map((a) => a.seq), actions.map((_, i) => i));
    assert.equal(new Set(actions.map((a) => (a.type === 'banned' ? a.id : ''))).size, 48);
    assert.deepEqual(readdirSync(paths.dir), ['actions.jsonl']);
  });

  it('tells a run of actions from where it was, also when they grow behind its back or are torn', async () => {
    const journal = new FileJournal(paths, () => 1);
    assert.deepEqual(await journal.actions(0), []);
    await appendAction(paths, { type: 'banned', id: 'a' }, 1);
    assert.deepEqual((await journal.actions(0)).map((a) => a.type), ['banned']);
    assert.deepEqual(await journal.actions(1), []);
    await appendAction(paths, { type: 'stop-requested' }, 2);
    assert.deepEqual((await journal.actions(1)).map((a) => a.type), ['stop-requested']);
    truncateSync(paths.actions, readFileSync(paths.actions).length - 3);
    await appendAction(paths, { type: 'banned', id: 'b' }, 3);
    assert.deepEqual(readActions(paths.actions).map((a) => a.type), ['banned', 'banned']);
    await journal.close();
  });

  it('lies where the contracts say, ignored by git, with names in the order of time', () => {
    ensureSigilDir(dir);
    assert.equal(readFileSync(path.join(dir, '.sigil/.gitignore'), 'utf8'), '*\n');
    assert.equal(path.relative(dir, paths.journal), path.join('.sigil', 'ws', 'spec', 'v1', 'runs', 'run', 'journal.jsonl'));
    const taken = new Set<string>();
    const names = [0, 0, 0, 61_000, 3_600_000].map((t) => {
      const name = newRunName(Date.UTC(2026, 10, 20, 10, 15) + t, 'greedy', (n) => taken.has(n));
      taken.add(name);
      return name;
    });
    assert.deepEqual(names, ['20261120-101500-greedy', '20261120-101500-greedy-2', '20261120-101500-greedy-3', '20261120-101601-greedy', '20261120-111500-greedy']);
    for (const n of [...names].reverse()) {
      const p = runPaths(dir, 'spec', n.endsWith('3') ? 'v2' : 'v1', n);
      mkdirSync(p.dir, { recursive: true });
      writeFileSync(p.journal, '');
    }
    assert.deepEqual(listRuns(dir).map((p) => p.run), names);
    assert.deepEqual(listRuns(dir, { workspace: 'v2' }).map((p) => p.run), [names[2]]);
    assert.deepEqual(listRuns(dir, { spec: 'other' }), []);
  });
});
