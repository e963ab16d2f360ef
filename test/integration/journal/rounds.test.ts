// One solution's measured pairs, found in a journal without parsing the rest.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roundsOf } from '../../../src/adapters/journal/rounds.ts';

describe('rounds of a solution', () => {
  let dir: string;
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'sigil-rounds-')); });
  afterEach(() => { rmSync(dir, { recursive: true }); });

  const round = (id: string, pair: number): string => JSON.stringify({ v: 1, seq: pair, t: pair, type: 'round', id, phase: 'test', against: 'baseline', pair, candidate: 1, incumbent: 2, metrics: { a: 1 } });
  const journal = (text: string): string => {
    const path = join(dir, 'journal.jsonl');
    writeFileSync(path, text);
    return path;
  };

  it('are its own, in order, also across the chunks of a long file', async () => {
    const lines: string[] = [];
    // Long lines of others between them, so that the file is many chunks.
    for (let i = 0; i < 300; i++) lines.push(round(i % 3 === 0 ? 'mine' : 'other', i), JSON.stringify({ v: 1, seq: i, t: 0, type: 'gated', id: 'other', gate: 'g', ok: true, seconds: 1, output: 'x'.repeat(100_000) }));
    const found = await roundsOf(journal(`${lines.join('\n')}\n`), 'mine');
    assert.deepEqual(found.map((r) => r.pair), Array.from({ length: 100 }, (_, i) => i * 3));
  });

  it('are not what only looks like them, nor of an id that begins the same', async () => {
    const quoted = JSON.stringify({ v: 1, seq: 0, t: 0, type: 'gated', id: 'x', gate: 'g', ok: false, seconds: 1, output: round('mine', 9) });
    // Unescaped in a string it cannot be; in another event's own object it can.
    const nested = JSON.stringify({ v: 1, seq: 0, t: 0, type: 'verdict', inner: { type: 'round', id: 'mine', pair: 8 } });
    assert.deepEqual((await roundsOf(journal(`${quoted}\n${nested}\n${round('mine2', 1)}\n${round('mine', 2)}\n`), 'mine')).map((r) => r.pair), [2]);
  });

  it('are read past torn lines, but not from a last line that is still being written', async () => {
    assert.deepEqual((await roundsOf(journal(`${round('mine', 1)}\n${round('mine', 2).slice(0, 80)}\n${round('mine', 3)}\n${round('mine', 4)}`), 'mine')).map((r) => r.pair), [1, 3]);
  });

  it('are none without a journal', async () => {
    assert.deepEqual(await roundsOf(join(dir, 'none'), 'mine'), []);
  });
});
