// Several models as one proposer: who gets an ask, who takes it over, what a resume takes up, and who is paid.

import assert from 'node:assert/strict';
import type { Spend } from '../../../src/core/events.ts';
import type { BaseFile } from '../../../src/core/pin.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { EnsembleProposer, MemberDown, type Member, type Recorded } from '../../../src/adapters/models/ensemble.ts';
import type { Proposal, ProposalRequest } from '../../../src/engine/ports.ts';
import { baseOf, requestOf, specOf, stateOf } from './support.ts';

const paid = (model: string, usd: number): Spend => ({ model, calls: 1, usd, input: 10, cached: 4, output: 5 });

describe('an ensemble', () => {
  let base: readonly BaseFile[];
  let clock: number;
  let said: string[];
  let noted: number[];
  before(async () => { base = await baseOf(); });
  beforeEach(() => {
    clock = 0;
    said = [];
    noted = [];
  });

  const request = (ask: number): ProposalRequest => requestOf(base, stateOf(base, specOf(), []), { parent: 'baseline', inspirations: [] }, { number: ask, rng: seededRng(`7/propose/${ask}`) });
  const ensemble = (members: readonly [Member, ...Member[]]): EnsembleProposer => new EnsembleProposer(members, { note: (usd) => noted.push(usd), say: (t) => said.push(t), now: () => clock });

  /** A member that answers by `reply`, and says so with its name. */
  function member(name: string, weight: number, reply: (ask: number) => Proposal = () => ({ kind: 'none', reason: '', usd: 1, spent: false, model: name, spend: [paid(name, 1)] }), recorded: (ask: number) => Recorded | null = () => null): Member & { asked: number[] } {
    const asked: number[] = [];
    return {
      name, weight, asked,
      proposer: {
        name, normalForm: () => Promise.resolve(''), recorded: (r) => recorded(r.number),
        propose: (r) => {
          asked.push(r.number);
          return Promise.resolve().then(() => reply(r.number));
        },
      },
    };
  }
  const fails = (message = 'overloaded', spend: Spend | null = null) => (): never => { throw new MemberDown(message, 'later', spend); };
  const modelOf = (p: Proposal): string => (p.kind === 'unaffordable' ? '' : (p.model ?? ''));

  it('gives each its share of the asks by weight, and the same ask to the same member again', async () => {
    const e = ensemble([member('a', 1), member('b', 3)]);
    const first: string[] = [];
    for (let ask = 0; ask < 400; ask++) first.push(modelOf(await e.propose(request(ask))));
    const share = first.filter((m) => m === 'b').length / first.length;
    assert.ok(share > 0.68 && share < 0.82, String(share));
    const again = ensemble([member('a', 1), member('b', 3)]);
    for (const ask of [399, 3, 77]) assert.equal(modelOf(await again.propose(request(ask))), first[ask]);
  });

  it('is ready when one will answer, leaves out who will not, and else says what the first said', async () => {
    const will = (m: Member, ready: () => Promise<void>): Member => ({ ...m, proposer: { ...m.proposer, ready } });
    const no = (why: string) => (): Promise<void> => Promise.reject(new MemberDown(why, 'later'));
    const a = member('a', 1);
    const e = ensemble([will(a, no('nobody is there')), member('b', 1)]);
    await e.ready(new AbortController().signal);
    assert.deepEqual(said, ['nobody is there. a is left out for now; the others take its asks.']);
    for (let ask = 0; ask < 20; ask++) assert.equal(modelOf(await e.propose(request(ask))), 'b');
    assert.deepEqual(a.asked, []);
    await assert.rejects(ensemble([will(a, no('first')), will(member('b', 1), no('second'))]).ready(new AbortController().signal), /first/);
    await assert.rejects(ensemble([will(a, () => Promise.reject(new Error('a bug'))), member('b', 1)]).ready(new AbortController().signal), /a bug/);
  });

  it('asks whom the search names, and another where that one is down or is not one of them', async () => {
    const named = (ask: number, model: string): ProposalRequest => ({ ...request(ask), ask: { parent: 'baseline', inspirations: [], model } });
    const b = member('b', 1);
    const e = ensemble([member('a', 99), b]);
    for (let ask = 0; ask < 20; ask++) assert.equal(modelOf(await e.propose(named(ask, 'b'))), 'b');
    assert.equal(modelOf(await e.propose(named(20, 'gone'))), 'a');
    assert.equal(modelOf(await ensemble([member('a', 1), member('b', 1, fails())]).propose(named(0, 'b'))), 'a');
  });

  it('lets the others take the asks of one that is down, says so once, and tries it again after a while', async () => {
    let up = false;
    const a = member('a', 1, (n) => (up ? { kind: 'none', reason: String(n), usd: 0, spent: false } : fails()()));
    const b = member('b', 1);
    const e = ensemble([a, b]);
    const downs: unknown[] = [];
    for (let ask = 0; ask < 30; ask++) {
      const p = await e.propose(request(ask));
      assert.equal(modelOf(p), 'b');
      if (p.kind !== 'unaffordable' && p.down !== undefined) downs.push(p.down);
    }
    assert.equal(a.asked.length, 1, 'it is left alone');
    assert.deepEqual(downs, [[{ model: 'a', reason: 'overloaded' }]]);
    assert.equal(said.length, 1);
    clock = 61_000;
    for (let ask = 30; ask < 60; ask++) assert.equal(modelOf(await e.propose(request(ask))), 'b');
    assert.deepEqual([a.asked.length, said.length], [2, 1], 'tried once more, and not said again');
    clock += 61_000;
    await e.propose(request(60));
    assert.equal(a.asked.length, 2, 'the second rest is longer');
    clock += 60_000;
    up = true;
    const models = new Set<string>();
    for (let ask = 61; ask < 90; ask++) models.add(modelOf(await e.propose(request(ask))));
    assert.deepEqual([...models].sort(), ['a', 'b']);
    assert.deepEqual(said.slice(1), ['a answers again.']);
  });

  it('ends in words only when none is left, and alone fails as its one member does', async () => {
    const e = ensemble([member('a', 1, fails('a is down')), member('b', 1, fails('b is down'))]);
    await assert.rejects(e.propose(request(0)), (f: MemberDown) => f instanceof MemberDown && /is down/.test(f.message) && f.remedy === 'later');
    const alone = member('a', 1, fails());
    const one = ensemble([alone]);
    said.length = 0;
    for (const ask of [0, 1]) await assert.rejects(one.propose(request(ask)), /overloaded/);
    assert.deepEqual(said, []);
    const bug = ensemble([member('a', 1, () => { throw new Error('a bug'); }), member('b', 1, () => { throw new Error('a bug'); })]);
    await assert.rejects(bug.propose(request(0)), /a bug/);
  });

  it('counts what one was paid before it failed', async () => {
    const e = ensemble([member('a', 1000, fails('the key was refused', paid('a', 0.25))), member('b', 0.001)]);
    const p = await e.propose(request(0));
    assert.ok(p.kind === 'none');
    assert.deepEqual([p.model, p.usd, p.spend], ['b', 1.25, [paid('a', 0.25), paid('b', 1)]]);
    assert.deepEqual(noted, [], 'the purse knows it already');
  });

  it('takes a recorded answer up, also where another had answered first, and counts that one too', async () => {
    const a = member('a', 1000, undefined, () => ({ at: 5, spend: paid('a', 0.25) }));
    const b = member('b', 0.001, undefined, () => ({ at: 9, spend: paid('b', 1) }));
    const p = await ensemble([a, b]).propose(request(0));
    assert.ok(p.kind === 'none');
    assert.deepEqual([p.model, p.usd, p.spend, a.asked], ['b', 1.25, [paid('a', 0.25), paid('b', 1)], []]);
    assert.deepEqual(noted, [0.25]);
  });

  it('takes a recorded answer also of one that is down now: it costs nothing', async () => {
    const a = member('a', 1000, (n) => (n === 1 ? { kind: 'none', reason: 'recorded', usd: 1, spent: false } : fails()()), (n) => (n === 1 ? { at: 5, spend: paid('a', 1) } : null));
    const e = ensemble([a, member('b', 0.001)]);
    assert.equal(modelOf(await e.propose(request(0))), 'b');
    assert.equal(modelOf(await e.propose(request(1))), 'a');
  });

  it('asks whom the search names, and another where that one is down', async () => {
    const wanting = (ask: number): ProposalRequest => ({ ...request(ask), ask: { parent: 'baseline', inspirations: [], model: 'b' } });
    assert.equal(modelOf(await ensemble([member('a', 1000), member('b', 0.001)]).propose(wanting(0))), 'b');
    assert.equal(modelOf(await ensemble([member('a', 1000), member('b', 0.001, fails())]).propose(wanting(0))), 'a');
  });

  it('asks a cheaper one when one cannot be afforded, and gives up when none can', async () => {
    const poor = (): Proposal => ({ kind: 'unaffordable' });
    assert.equal(modelOf(await ensemble([member('a', 1000, poor), member('b', 0.001)]).propose(request(0))), 'b');
    assert.deepEqual(await ensemble([member('a', 1, poor), member('b', 1, poor)]).propose(request(0)), { kind: 'unaffordable' });
  });
});
