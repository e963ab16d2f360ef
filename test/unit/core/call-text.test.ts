// What a model or an agent was asked and what it answered, from the very records that a run writes.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentRecords } from '../../../src/adapters/agents/records.ts';
import { recordedCalls } from '../../../src/adapters/journal/call-records.ts';
import { Calls, type CallRecord } from '../../../src/adapters/models/calls.ts';
import { callsBrief, callsText, moneyText, totalOf } from '../../../src/core/call-text.ts';

const ASKED = { parent: 'baseline', inspirations: [] };
const SOLUTION = { id: 'abc', summary: 'use a set', outcome: 'tried before', reason: 'it is 111' };

function record(call: number, more: Partial<CallRecord> = {}): CallRecord {
  return {
    v: 1, ask: 7, call, asked: ASKED, model: 'openai/x', began: `2026-11-26T20:00:0${call}.500Z`, seconds: 1.25, usd: 0.0123,
    prompt: { system: 'Be brief.', messages: [{ role: 'user', text: 'Make it faster:\n```python\nx = 1\n```' }], maxTokens: 100 },
    answer: { text: 'Idea: use a set.', usage: { input: 1000, cacheRead: 500, cacheWrite: 300, output: 40 }, stop: 'end' }, ...more,
  };
}

describe('the calls behind a solution', () => {
  let dir = '';
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'sigil-calls-')); });
  afterEach(() => { rmSync(dir, { recursive: true }); });

  it('are the prompt, the answer and what they cost, as a model\'s record has them', async () => {
    await new Calls(dir).write(record(0));
    await new Calls(dir).write(record(0, { ask: 70 })); // of another solution
    const calls = recordedCalls(dir, 7);
    assert.equal(calls.length, 1);
    assert.deepEqual(calls[0]?.prompt.map((p) => p.from), ['system', 'user']);
    const text = callsText(SOLUTION, calls);
    assert.match(text, /^# Prompt and answer of abc\n\nuse a set\n\nOutcome: tried before — it is 111\n/);
    assert.match(text, /## openai\/x\n\n2026-11-26 20:00:00 UTC · 1\.3 s · 1,800 tokens in \(500 cached\), 40 out · \$0\.0123\n/);
    assert.match(text, /### Prompt: system\n\n {4}Be brief\.\n/);
    assert.match(text, /### Answer\n\n {4}Idea: use a set\.\n/);
  });

  it('stand apart from what is said of them: no fence ends them, and no line of theirs begins as a conflict of a merge', async () => {
    await new Calls(dir).write(record(0, { answer: { text: 'Idea: a set.\n\na.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n', usage: { input: 1, cacheRead: 0, cacheWrite: 0, output: 1 }, stop: 'end' } }));
    const text = callsText(SOLUTION, recordedCalls(dir, 7));
    assert.match(text, / {4}```python\n {4}x = 1\n {4}```\n/);
    assert.match(text, / {4}<<<<<<< SEARCH\n {4}x\n/);
    assert.doesNotMatch(text, /^(?:```|<<<<<<<|=======|>>>>>>>)/m);
  });

  it('of a repair say only what was added to the prompt, and how the first one ended', async () => {
    const calls = new Calls(dir);
    const first = record(0, { answer: { text: 'Idea:', usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 1 }, stop: 'length' } });
    await calls.write(first);
    await calls.write(record(1, { prompt: { ...first.prompt, messages: [...first.prompt.messages, { role: 'assistant', text: 'Idea:' }, { role: 'user', text: 'That was cut.' }] } }));
    const text = callsText(SOLUTION, recordedCalls(dir, 7));
    assert.match(text, /## Call 1 of 2: openai\/x\n\n.* · cut at its limit of tokens\n/);
    assert.match(text, /## Call 2 of 2: openai\/x\n\n.*\n\nThe prompt begins as in call 1\.\n\n### Prompt: assistant\n/);
    assert.equal(text.split('Make it faster').length, 2, 'said once');
  });

  it('say that a model refused', async () => {
    await new Calls(dir).write(record(0, { answer: { text: '', usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 1 }, stop: 'refusal' } }));
    assert.match(callsText(SOLUTION, recordedCalls(dir, 7)), / · refused\n[^]*### Answer\n\nEmpty\./);
  });

  it('of an agent are its prompt, what it changed and what it printed', async () => {
    await new AgentRecords(dir, 'agent/claude').write({
      v: 1, ask: 7, asked: ASKED, model: 'agent/claude', began: '2026-11-26T20:00:00.000Z', seconds: 61, usd: 0.2, tokens: { input: 900, cached: 100, output: 50 }, command: ['claude'], prompt: 'Edit the file.', end: 'exit code 0',
      stdout: '{"result":"done"}', stderr: '', left: [], outcome: { kind: 'edit', pins: {}, patch: '--- a\n+++ b\n', summary: 'a set' },
    });
    const text = callsText(SOLUTION, recordedCalls(dir, 7));
    assert.match(text, /## agent\/claude\n\n.* · 900 tokens in \(100 cached\), 50 out · \$0\.20 · exit code 0\n/);
    assert.match(text, /### Prompt: to the agent\n[^]*Edit the file\.[^]*### What it changed\n[^]*\+\+\+ b[^]*### Printed\n[^]*"done"/);
    assert.doesNotMatch(text, /Printed as errors/);
  });

  it('are none where nothing was recorded, and pass over what is no record', () => {
    assert.deepEqual(recordedCalls(join(dir, 'gone'), 7), []);
    mkdirSync(join(dir, '000007-2.json'));
    writeFileSync(join(dir, '000007-0.json'), '{"v":1,"ask":7,"mo');
    writeFileSync(join(dir, '000007-1.json'), 'null');
    assert.deepEqual(recordedCalls(dir, 7), []);
  });

  it('cost what all models together were paid', () => {
    const spend = [{ model: 'a', calls: 1, usd: 0.01, input: 100, cached: 0, output: 10 }, { model: 'b', calls: 2, usd: 0.02, input: 1100, cached: 5, output: 20 }];
    assert.equal(callsBrief(totalOf({ usd: 0.03, spend })), '3 calls · 1,200 tokens in (5 cached), 30 out · $0.0300');
    assert.equal(callsBrief({ calls: 1, input: 0, cached: 0, output: 0, usd: 0 }), '1 call · $0');
    assert.deepEqual([moneyText(0.00001), moneyText(1.234), moneyText(12345)], ['< $0.0001', '$1.23', '$12345.00']);
  });
});
