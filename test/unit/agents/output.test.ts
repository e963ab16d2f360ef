// What agents print, read. The outputs of Claude Code and Codex are those of the real programs (2.1.197 and 0.171.0), shortened.

import assert from 'node:assert/strict';
import { failureOf, readOutput } from '../../../src/adapters/agents/output.ts';
import type { Price } from '../../../src/adapters/models/prices.ts';

const NONE: Price = { known: false };
const PRICE: Price = { known: true, from: 'user', price: { input: 2.5, output: 15, cacheRead: 0.25 } };
const claude = (output: string): ReturnType<typeof readOutput> => readOutput({ form: 'claude' }, output, NONE);
const codex = (output: string, price: Price = PRICE): ReturnType<typeof readOutput> => readOutput({ form: 'codex' }, output, price);

const RESULT = '{"type":"result","subtype":"success","is_error":false,"duration_ms":2600,"num_turns":3,"result":"Idea: one wider.","total_cost_usd":0.00378,"usage":{"input_tokens":3000,"cache_creation_input_tokens":0,"cache_read_input_tokens":300,"output_tokens":150},"permission_denials":[]}';
const refusal = (result: string, status: string): string => `{"type":"result","subtype":"success","is_error":true,"api_error_status":${status},"result":"${result}","stop_reason":"stop_sequence","total_cost_usd":0}`;

describe('the output of an agent', () => {
  it('of Claude Code tells cost and last words, in both of its JSON forms', () => {
    const told = { usd: 0.00378, tokens: { input: 3300, cached: 300, output: 150 }, text: 'Idea: one wider.', failure: null, kind: 'other' };
    assert.deepEqual(claude(`${RESULT}\n`), told);
    assert.deepEqual(claude(`{"type":"system","subtype":"init","cwd":"/p"}\n{"type":"assistant","message":{"content":[{"type":"text","text":"{not json"}]}}\n[a line of a tool]\n${RESULT}\n`), told);
  });

  it('of Claude Code tells failures, those that stay as such', () => {
    const of = (result: string, status = 'null'): unknown => {
      const told = claude(refusal(result, status));
      return [told?.failure, told?.kind, told?.usd];
    };
    assert.deepEqual(of('Not logged in · Please run /login'), ['Not logged in · Please run /login', 'fatal', 0]);
    assert.deepEqual(of('API Error: 401 invalid x-api-key', '401'), ['API Error: 401 invalid x-api-key', 'fatal', 0]);
    assert.deepEqual(of('Credit balance is too low'), ['Credit balance is too low', 'fatal', 0]);
    assert.equal((of("There's an issue with the selected model (x). It may not exist or you may not have access to it. Run --model to pick a different model.", '404') as unknown[])[1], 'fatal');
    assert.deepEqual(of('API Error: Unable to connect to API (ConnectionRefused)'), ['API Error: Unable to connect to API (ConnectionRefused)', 'other', 0]);
    const stopped = claude('{"type":"result","subtype":"error_max_budget_usd","is_error":true,"total_cost_usd":1.00044,"errors":["Reached maximum budget ($1)"]}');
    assert.deepEqual(stopped, { usd: 1.00044, tokens: { input: 0, cached: 0, output: 0 }, text: '', failure: 'Reached maximum budget ($1)', kind: 'limit' });
    assert.equal(claude('{"type":"result","subtype":"error_during_execution","is_error":true,"total_cost_usd":0.1}')?.failure, 'error_during_execution');
  });

  it('of Codex tells tokens, which a price makes money, and the last message', () => {
    const events = [
      '{"type":"thread.started","thread_id":"01"}', '{"type":"item.completed","item":{"id":"item_0","type":"error","message":"Model metadata not found."}}', '{"type":"turn.started"}',
      '{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"I look."}}', '{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"Idea: one wider."}}',
      '{"type":"turn.completed","usage":{"input_tokens":2000,"cached_input_tokens":200,"cache_write_input_tokens":0,"output_tokens":100,"reasoning_output_tokens":40}}',
    ].join('\n');
    const told = codex(events);
    assert.deepEqual([told?.text, told?.failure, told?.tokens], ['Idea: one wider.', null, { input: 2000, cached: 200, output: 100 }]);
    assert.ok(Math.abs((told?.usd ?? 0) - (1800 * 2.5 + 200 * 0.25 + 100 * 15) / 1e6) < 1e-12);
    assert.equal(codex(events, NONE)?.usd, null);
  });

  it('of Codex tells failures', () => {
    const failed = (message: string): string => `{"type":"turn.started"}\n{"type":"error","message":"Reconnecting... 2/5"}\n{"type":"turn.failed","error":{"message":"${message}"}}`;
    assert.deepEqual(codex(failed('unexpected status 401 Unauthorized: Missing bearer')), { usd: null, tokens: { input: 0, cached: 0, output: 0 }, text: '', failure: 'unexpected status 401 Unauthorized: Missing bearer', kind: 'fatal' });
    assert.equal(codex(failed('stream disconnected before completion'))?.kind, 'other');
    assert.equal(codex('{"type":"thread.started","thread_id":"01"}\n{"type":"turn.started"}\n'), null);
  });

  it('of others is read by key paths, in its last JSON that has them', () => {
    const read = (cost: string | null, summary: string | null, output: string): unknown => {
      const told = readOutput({ form: 'paths', cost, summary }, output, NONE);
      return [told?.usd, told?.text];
    };
    assert.deepEqual(read('cost.usd', 'said', 'log\n{"cost":{"usd":0.1}}\n{"cost":{"usd":"0.25"},"said":"Idea: x"}\n{"bye":1}\n'), [0.25, 'Idea: x']);
    assert.deepEqual(read('cost', null, '{"cost": -1}'), [null, '{"cost": -1}']);
    assert.deepEqual(read('cost', null, 'nothing of it'), [null, 'nothing of it']);
    assert.deepEqual(read(null, null, 'Idea: y\n'), [null, 'Idea: y']);
  });

  it('that is no known one is the reason by its last lines', () => {
    assert.deepEqual(failureOf('a\n\nb\nerror: unknown option --x\n'), { failure: 'a b error: unknown option --x', fatal: false });
    assert.equal(failureOf('Not logged in').fatal, true);
  });
});
