// kill -9 at every kind of point: the same next ask, nothing paid twice, no orphan, the user's tree unchanged.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Desk, eventsIn, journals, leftovers, ofType, until, untouchable } from './support.ts';
import type { Event } from '../../../src/core/events.ts';

const SEED = '3';
const ASKS = '9';

/** What a run asked, got and decided, in the order of its asks, without names, times and attempts. */
function story(events: readonly Event[]): unknown[] {
  const askOf = new Map(ofType(events, 'proposed').map((p) => [p.id, p.ask]));
  const who = (id: string): string => (askOf.has(id) ? `ask ${String(askOf.get(id))}` : id);
  return ofType(events, 'asked').map((a) => {
    const p = ofType(events, 'proposed').find((x) => x.ask === a.ask);
    const v = ofType(events, 'verdict').find((x) => x.ask === a.ask);
    return {
      ask: a.ask, parent: who(a.request.parent), operator: p?.operator, summary: p?.summary, patch: p?.patch, outcome: v?.outcome, reason: v?.reason, effect: v?.effect,
      promotedOver: ofType(events, 'promoted').filter((x) => x.id === p?.id).map((x) => who(x.over)),
    };
  });
}

/** Nothing twice: one ask of a number, one proposal and one verdict an ask, and at most one promotion a solution. */
function assertPaidOnce(events: readonly Event[]): void {
  const once = (what: string, keys: readonly (number | string)[]): void => assert.equal(new Set(keys).size, keys.length, `${what} twice: ${keys.join(' ')}`);
  const asks = ofType(events, 'asked').map((e) => e.ask);
  once('asked', asks);
  once('proposed', ofType(events, 'proposed').map((e) => e.ask));
  once('verdict', ofType(events, 'verdict').map((e) => e.ask));
  once('promoted', ofType(events, 'promoted').map((e) => e.id));
  assert.deepEqual(ofType(events, 'proposed').map((e) => e.ask).sort((a, b) => a - b), asks);
  assert.deepEqual(ofType(events, 'verdict').map((e) => e.ask).sort((a, b) => a - b), asks);
  assert.equal(ofType(events, 'run-started').length, 1);
  assert.equal(ofType(events, 'baseline').length, 1);
  assert.deepEqual(events.map((e) => e.seq), [...events.keys()], 'sequence numbers have no gap');
}

/** What the cache still holds of a project's runs. */
function stale(desk: Desk, root: string): string[] {
  const all = join(desk.cache, 'checkouts');
  return readdirSync(all).filter((p) => readFileSync(join(all, p, 'project'), 'utf8') === root).flatMap((p) => readdirSync(join(all, p, 'runs')));
}

const only = (root: string): string => {
  const found = journals(root);
  assert.equal(found.length, 1, found.join(' '));
  return found[0] as string;
};

describe('kill -9', function () {
  this.timeout(600_000);
  let desk: Desk;
  let reference: readonly Event[];
  let finished: string;

  before(async () => {
    desk = new Desk();
    finished = desk.project('knobs');
    const r = await desk.sigil(finished, ['run', 'shape', '--seed', SEED, '--niter', ASKS, '--parallel', '1']);
    assert.equal(r.code, 0, r.stderr);
    reference = eventsIn(only(finished));
    assert.ok(ofType(reference, 'promoted').length >= 2, 'the reference run promotes');
    assert.ok(ofType(reference, 'gated').some((g) => !g.ok) && ofType(reference, 'verdict').some((v) => v.outcome === 'blocked'), 'and has a solution that a gate refuses');
  });
  after(async () => desk.dispose());
  afterEach(() => assert.deepEqual(leftovers(desk.folder), []));

  const start = ['run', 'shape', '--seed', SEED, '--niter', ASKS, '--parallel', '1', '--json'];
  const isOver = (root: string): boolean => journals(root).length > 0 && eventsIn(only(root)).at(-1)?.type === 'run-ended';

  /** Starts or resumes, kills when told, and waits until nothing of it is left. True when the run is over. */
  async function killed(root: string, when: (seen: readonly string[]) => boolean, wait = 0): Promise<boolean> {
    const begun = journals(root).length > 0 && eventsIn(only(root)).length > 0;
    if (!begun) rmSync(join(root, '.sigil'), { recursive: true, force: true });
    const s = desk.start(root, begun ? ['resume', '--json'] : start);
    let ended = false;
    void s.ended.then(() => (ended = true));
    await until('the moment to kill', () => ended || when(s.stdout.split('\n').slice(0, -1)));
    if (wait > 0) await new Promise((r) => setTimeout(r, wait));
    s.child.kill('SIGKILL');
    const end = await s.ended;
    await until('no process is left of it', () => leftovers(desk.folder, [s.child.pid ?? 0]).length === 0, 10_000);
    if (end.signal !== 'SIGKILL') assert.equal(end.code, 0, end.stderr);
    return isOver(root);
  }

  /** A user's project in the middle of work, with traps. */
  function busyProject(): string {
    const root = desk.project('knobs', { 'notes.txt': 'committed\n' });
    writeFileSync(join(root, 'notes.txt'), 'staged\n');
    desk.git(root, 'add', 'notes.txt');
    writeFileSync(join(root, 'notes.txt'), 'changed since\n');
    writeFileSync(join(root, 'new.txt'), 'not known to git\n');
    for (const hook of ['post-checkout', 'pre-commit', 'post-index-change', 'reference-transaction']) writeFileSync(join(root, '.git', 'hooks', hook), `#!/bin/sh\ntouch '${root}/hook-ran'\n`, { mode: 0o755 });
    return root;
  }

  /** Resumes a copy of the reference run's journal, cut after a line. */
  async function cutAfter(lines: number): Promise<void> {
    const root = desk.project('knobs');
    const journal = only(finished).replace(finished, root);
    mkdirSync(dirname(journal), { recursive: true });
    cpSync(dirname(only(finished)), dirname(journal), { recursive: true });
    const whole = readFileSync(journal, 'utf8').split('\n');
    // Half of them with a torn next line, as a kill in the middle of a write or a power cut leaves it.
    writeFileSync(journal, `${whole.slice(0, lines).join('\n')}\n${lines % 2 === 0 ? (whole[lines] ?? '').slice(0, 40) : ''}`);
    const r = await desk.sigil(root, ['resume', '--json']);
    assert.equal(r.code, 0, r.stderr);
    assertSameStory(root);
  }

  function assertSameStory(root: string): void {
    const events = eventsIn(only(root));
    assert.deepEqual(story(events), story(reference));
    assertPaidOnce(events);
    const summary = (of: readonly Event[]): unknown => {
      const s = ofType(of, 'run-ended').at(-1)?.summary;
      return [s?.gain, s?.counts, s?.evaluations, s?.reason];
    };
    assert.deepEqual(summary(events), summary(reference));
  }

  /** The first place of each kind of line, by the line that follows it. */
  function kinds(): Map<string, number> {
    const cuts = new Map<string, number>();
    for (const [i, e] of reference.entries()) {
      const next = reference[i + 1];
      if (next === undefined) break;
      const kind = `${e.type}${e.type === 'verdict' ? ` ${e.outcome}` : ''}, before ${next.type}`;
      if (!cuts.has(kind)) cuts.set(kind, i + 1);
    }
    return cuts;
  }

  const PROMOTION = 'verdict kept, before promoted';

  // The journal as a kill just after a line leaves it: exact, where a real kill comes a little late.
  it('goes on from each kind of line to the same asks and verdicts', async () => {
    const cuts = [...kinds()].filter(([kind]) => kind !== PROMOTION);
    for (const type of ['run-started', 'baseline', 'asked', 'proposed', 'gated', 'round', 'verdict', 'promoted', 'confirmed', 'stopped']) assert.ok(cuts.some(([k]) => k.startsWith(type)), type);
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let cut = cuts.pop(); cut !== undefined; cut = cuts.pop()) {
        const [kind, lines] = cut;
        await cutAfter(lines).catch((e: unknown) => wrong.push(`${kind} (line ${lines}): ${(e as Error).message}`));
      }
    };
    await Promise.all([work(), work(), work()]);
    assert.deepEqual(wrong, []);
  });

  it('does not lose a promotion whose verdict is written and whose own line is not', async () => {
    const line = kinds().get(PROMOTION);
    assert.ok(line !== undefined);
    await cutAfter(line);
  });

  it('killed at each kind of event in turn, ends with the story of a run that was left alone', async () => {
    const root = busyProject();
    const before = untouchable(root);
    for (const type of ['run-started', 'baseline', 'asked', 'proposed', 'gated', 'round', 'verdict', 'promoted', 'confirmed', 'run-ended']) {
      const over = await killed(root, (lines) => lines.some((l) => l.includes(`"type":"${type}"`)));
      assert.deepEqual(untouchable(root), before, type);
      if (over) break;
      const { runs } = await desk.json<{ runs: { status: string }[] }>(root, ['history']);
      assert.equal(runs[0]?.status, 'interrupted');
    }
    assertSameStory(root);
  });

  it('killed at random moments, ends with the story of a run that was left alone', async () => {
    const root = busyProject();
    const before = untouchable(root);
    let starts = 0;
    // By events, so that a slow machine gets as far; then a moment more, so that it comes anywhere between two of them.
    for (let over = false; !over; starts++) {
      const events = Math.floor(Math.random() * 12);
      over = await killed(root, (lines) => lines.length >= events, Math.random() * 80);
      assert.deepEqual(untouchable(root), before);
      assert.ok(starts < 60, 'it makes progress');
    }
    assertSameStory(root);
    await desk.sigil(root, ['resume', '--niter', '+1']);
    assert.deepEqual(stale(desk, root), [], 'the next start cleans up');
    assert.deepEqual(untouchable(root), before);
  });

  it('killed in the middle of timed rounds: each ask has one proposal and one verdict', async () => {
    const root = desk.project('timed');
    const before = untouchable(root);
    const args = ['run', 'work', '--seed', '5', '--niter', '2', '--json'];
    for (let kills = 0, over = false; !over; kills++) {
      const s = desk.start(root, journals(root).length === 0 ? args : ['resume', '--json']);
      let ended = false;
      void s.ended.then(() => (ended = true));
      if (kills < 3) {
        await until('rounds', () => ended || s.stdout.split('"type":"round"').length > 6 + 8 * kills);
        s.child.kill('SIGKILL');
      }
      const end = await s.ended;
      await until('no process is left of it', () => leftovers(desk.folder, [s.child.pid ?? 0]).length === 0, 10_000);
      over = end.code === 0;
      if (!over) assert.equal(end.signal, 'SIGKILL', end.stderr);
    }
    assertPaidOnce(eventsIn(only(root)));
    assert.deepEqual(untouchable(root), before);
    assert.deepEqual(stale(desk, root), []);
  });
});
