// The proposer between a model and the engine: edits, repair, answers of no use, records, and money.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallFailed, NO_USAGE, type Answer, type ModelClient, type ModelRequest } from '../../../src/adapters/models/client.ts';
import { MemberDown } from '../../../src/adapters/models/ensemble.ts';
import type { Price } from '../../../src/adapters/models/prices.ts';
import { ModelProposer } from '../../../src/adapters/models/proposer.ts';
import { Purse } from '../../../src/adapters/models/purse.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { Asking } from '../../../src/core/model-wish.ts';
import { seededRng } from '../../../src/core/rng.ts';
import type { BaseFile } from '../../../src/core/pin.ts';
import type { ProposalRequest } from '../../../src/engine/ports.ts';
import { baseOf, requestOf, specOf, stateOf } from './support.ts';

const PRICE: Price = { known: true, from: 'user', price: { input: 1, output: 10 } };
const USED = { ...NO_USAGE, input: 1000, output: 100 };
const EACH = 0.002;
const EDIT = 'Idea: look up once.\n\nsrc/words.py\n<<<<<<< SEARCH\n        if word in out.keys():\n=======\n        if word in out:\n>>>>>>> REPLACE\n';
const WRONG = EDIT.replace('out.keys():', 'nothing.like.it():');

describe('the model as proposer', () => {
  let dir: string;
  let base: readonly BaseFile[];
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sigil-calls-'));
    base = await baseOf();
  });
  afterEach(() => { rmSync(dir, { recursive: true, force: true }); });

  function proposerOf(answers: readonly (string | Partial<Answer> | CallFailed)[], more: { readonly usd?: number; readonly model?: string; readonly asking?: Asking } = {}): { proposer: ModelProposer; sent: ModelRequest[] } {
    const sent: ModelRequest[] = [];
    const client: ModelClient = {
      check: () => Promise.resolve(),
      complete: (r) => {
        const a = answers[sent.length];
        sent.push(r);
        if (a === undefined) return Promise.reject(new Error('called too often'));
        if (a instanceof CallFailed) return Promise.reject(a);
        return Promise.resolve({ text: '', usage: USED, stop: 'end', ...(typeof a === 'string' ? { text: a } : a) });
      },
    };
    const spec = specOf(more.usd === undefined ? {} : { budget: { usd: more.usd } });
    return { sent, proposer: new ModelProposer({ model: more.model ?? 'openai/x', client, price: PRICE, spec, calls: dir, purse: new Purse(spec.budget.usd, 0), ...(more.asking === undefined ? {} : { asking: more.asking }) }) };
  }
  const request = (): ProposalRequest => requestOf(base, stateOf(base, specOf(), []), { parent: 'baseline', inspirations: [], operator: 'improve' });

  it('turns an answer into a genome with its cost, and records the call', async () => {
    const { proposer } = proposerOf([EDIT]);
    const p = await proposer.propose(request());
    assert.ok(p.kind === 'proposal', JSON.stringify(p));
    assert.ok(Object.values(p.genome)[0]?.includes('if word in out:\n'));
    assert.deepEqual([p.usd, p.operator, p.model, p.spend], [EACH, 'improve', 'openai/x', [{ model: 'openai/x', calls: 1, usd: EACH, input: 1000, cached: 0, output: 100 }]]);
    assert.match(p.summary, /look up once/);
    assert.deepEqual(readdirSync(dir), ['000000-0.json']);
  });

  it('feeds an edit that does not fit back, once', async () => {
    const { proposer, sent } = proposerOf([WRONG, EDIT]);
    const p = await proposer.propose(request());
    assert.ok(p.kind === 'proposal' && p.usd === 2 * EACH, JSON.stringify(p));
    assert.deepEqual(sent[1]?.messages.map((m) => m.role), ['user', 'assistant', 'user']);
    assert.equal(sent[1].messages[1]?.text, WRONG);
    assert.match(sent[1].messages[2]?.text ?? '', /nothing\.like\.it/);
    assert.equal(sent[1].system, sent[0]?.system, 'what is cached stays');
    const again = proposerOf([WRONG, WRONG]);
    rmSync(join(dir, '000000-0.json'));
    rmSync(join(dir, '000000-1.json'));
    const none = await again.proposer.propose(request());
    assert.ok(none.kind === 'none' && none.usd === 2 * EACH && !none.spent, JSON.stringify(none));
  });

  it('gives an edit that is nearly one before back, once, and knows from the records that it did', async () => {
    const near = (): string => 'nearly the same edit as 0123456789, which was no better';
    const first = proposerOf([EDIT, EDIT]);
    const p = await first.proposer.propose({ ...request(), near });
    assert.ok(p.kind === 'proposal' && p.usd === 2 * EACH, 'what it then answers is taken: the run decides');
    assert.match(first.sent[1]?.messages.at(-1)?.text ?? '', /nearly the same edit as 0123456789[\s\S]*differs from it in kind/);
    const again = proposerOf([]);
    const resumed = await again.proposer.propose(request()); // nothing is near any more
    assert.deepEqual(resumed, p);
    assert.equal(again.sent.length, 0, 'nothing is paid twice, and nothing that was paid is forgotten');
  });

  for (const [what, answers, reason, calls] of [
    ['a refusal', [{ text: 'I cannot do that.', stop: 'refusal' }], /it refused: I cannot do that/, 1],
    ['an answer cut twice', [{ text: 'long', stop: 'length' }, { text: 'long', stop: 'length' }], /cut off at its limit/, 2],
    ['an empty answer twice', ['', ' \n'], /it answered nothing/, 2],
  ] as const) {
    it(`${what} is no proposal, and is paid`, async () => {
      const { proposer, sent } = proposerOf(answers);
      const p = await proposer.propose(request());
      assert.ok(p.kind === 'none' && !p.spent, JSON.stringify(p));
      assert.match(p.reason, reason);
      assert.equal(p.usd, calls * EACH);
      assert.equal(sent.length, calls);
    });
  }

  it('gives an answer that was cut more room, and an empty one another chance', async () => {
    const cut = proposerOf([{ text: EDIT.slice(0, 60), stop: 'length' }, EDIT]);
    assert.equal((await cut.proposer.propose(request())).kind, 'proposal');
    assert.equal(cut.sent[1]?.maxTokens, 2 * (cut.sent[0]?.maxTokens ?? 0));
    rmSync(dir, { recursive: true });
    const empty = proposerOf(['', EDIT]);
    assert.equal((await empty.proposer.propose(request())).kind, 'proposal');
    assert.deepEqual(empty.sent[1]?.messages.map((m) => m.role), ['user'], 'no two messages of one role in a row');
  });

  it('shortens a prompt that is too long for the model', async () => {
    const { proposer, sent } = proposerOf([new CallFailed('too-long', 'too long'), EDIT]);
    assert.equal((await proposer.propose(request())).kind, 'proposal');
    assert.equal(sent[1]?.maxTokens, (sent[0]?.maxTokens ?? 0) / 2);
    const never = proposerOf(Array.from({ length: 9 }, () => new CallFailed('too-long', 'the prompt does not fit', { remedy: 'another model' })));
    rmSync(dir, { recursive: true });
    await assert.rejects(never.proposer.propose(request()), (e: UserError) => e instanceof UserError && /does not fit/.test(e.message) && e.remedy === 'another model');
  });

  it('takes a recorded answer for the same ask, repairs too, and none for another', async () => {
    const first = proposerOf([WRONG, EDIT]);
    const p = await first.proposer.propose(request());
    const second = proposerOf([]);
    assert.deepEqual(await second.proposer.propose(request()), p);
    const third = proposerOf([EDIT]);
    await third.proposer.propose({ ...request(), ask: { parent: 'baseline', inspirations: [], operator: 'rewrite' } });
    assert.equal(third.sent.length, 1);
  });

  it('draws a temperature for each ask, the same for all its calls and after a resume, and hands the effort on', async () => {
    const asking = { temperature: { low: 0.2, high: 1 }, effort: 'low' } as const;
    const drawn: number[] = [];
    for (let n = 0; n < 30; n++) {
      rmSync(dir, { recursive: true, force: true });
      const { proposer, sent } = proposerOf([WRONG, EDIT], { asking });
      await proposer.propose({ ...request(), number: n, rng: seededRng(`7/propose/${n}`) });
      assert.deepEqual([sent[1]?.temperature, sent[1]?.effort], [sent[0]?.temperature, 'low']);
      drawn.push(sent[0]?.temperature ?? NaN);
    }
    assert.ok(Math.min(...drawn) >= 0.2 && Math.min(...drawn) < 0.3 && Math.max(...drawn) <= 1 && Math.max(...drawn) > 0.9, drawn.join(' '));
    rmSync(dir, { recursive: true });
    const again = proposerOf([EDIT], { asking });
    await again.proposer.propose({ ...request(), number: 3, rng: seededRng('7/propose/3') });
    assert.equal(again.sent[0]?.temperature, drawn[3]);
    rmSync(dir, { recursive: true });
    const plain = proposerOf([EDIT]);
    await plain.proposer.propose(request());
    assert.ok(!('temperature' in (plain.sent[0] ?? {})) && !('effort' in (plain.sent[0] ?? {})));
  });

  it('numbers its calls behind those of a model that had the ask before, and takes none of theirs for its own', async () => {
    const other = proposerOf([WRONG, new CallFailed('fatal', 'gone')], { model: 'openai/y' });
    await assert.rejects(other.proposer.propose(request()), (e: MemberDown) => e instanceof MemberDown && e.spend?.usd === EACH);
    const { proposer, sent } = proposerOf([WRONG, EDIT]);
    assert.equal(proposer.recorded(request()), null);
    const p = await proposer.propose(request());
    assert.ok(p.kind === 'proposal' && p.usd === 2 * EACH && sent.length === 2, JSON.stringify(p));
    assert.deepEqual(readdirSync(dir).sort(), ['000000-0.json', '000000-1.json', '000000-2.json']);
    const again = proposerOf([]);
    const record = again.proposer.recorded(request());
    assert.deepEqual(record?.spend, p.spend?.[0]);
    assert.ok((other.proposer.recorded(request())?.at ?? Infinity) <= (record?.at ?? 0));
    assert.deepEqual(await again.proposer.propose(request()), p);
  });

  it('spends nothing that the budget does not allow, and counts recorded answers', async () => {
    const poor = proposerOf([EDIT], { usd: 0.001 });
    assert.deepEqual(await poor.proposer.propose(request()), { kind: 'unaffordable' });
    assert.equal(poor.sent.length, 0);
    const first = proposerOf([EDIT], { usd: 0.02 });
    assert.equal((await first.proposer.propose(request())).kind, 'proposal');
    assert.ok((first.sent[0]?.maxTokens ?? Infinity) < 2000, 'the answer is limited to what is left');
    const resumed = proposerOf([EDIT], { usd: 0.02 });
    await resumed.proposer.propose(request());
    await resumed.proposer.propose({ ...request(), number: 1 });
    assert.ok((resumed.sent[0]?.maxTokens ?? Infinity) <= (first.sent[0]?.maxTokens ?? 0) + 400);
  });

  it('counts what tries used that broke off, where no answer came of any', async () => {
    const used = { ...NO_USAGE, input: 1000, output: 100 };
    const { proposer } = proposerOf([WRONG, new CallFailed('fatal', 'cut; 7 tries', { lost: [used, used] })]);
    await assert.rejects(proposer.propose(request()), (e: MemberDown) => Math.abs((e.spend?.usd ?? 0) - 3 * EACH) < 1e-12 && e.spend?.input === 3000);
  });

  it('ends the run in words when the key is refused', async () => {
    const { proposer, sent } = proposerOf([new CallFailed('fatal', 'the key was refused', { remedy: 'check it' })]);
    await assert.rejects(proposer.propose(request()), (e: UserError) => e instanceof UserError && e.message === 'the key was refused');
    assert.equal(sent.length, 1);
    assert.deepEqual(readdirSync(dir), []);
  });
});
