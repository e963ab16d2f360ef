// Following a growing file of lines: only what came is read, torn tails wait, a shorter file starts anew.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { LineFollower } from '../../../src/adapters/journal/follow.ts';

describe('a followed file of lines', () => {
  let dir = '';
  beforeEach(() => { dir = mkdtempSync(path.join(tmpdir(), 'sigil-follow-')); });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('gives each line once and in order, however the bytes come', () => {
    let n = 0;
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 30 }), fc.array(fc.nat(40), { maxLength: 60 }), (texts, cuts) => {
      const file = path.join(dir, `${n++}.jsonl`);
      const bytes = Buffer.from(texts.map((t) => `${JSON.stringify({ t })}\n`).join(''));
      const follower = new LineFollower(file);
      const seen: unknown[] = [];
      const look = (): boolean => follower.look((v) => void seen.push((v as { t: string }).t));
      assert.equal(look(), false, 'not there yet');
      let at = 0;
      for (const c of [...cuts, bytes.length]) {
        const part = bytes.subarray(at, at + c);
        at += part.length;
        appendFileSync(file, part); // may cut a letter in two
        assert.equal(look(), part.length > 0);
        assert.deepEqual(seen, texts.slice(0, seen.length));
      }
      assert.deepEqual(seen, texts);
      assert.equal(look(), false);
      assert.equal(follower.torn, 0);
    }), { numRuns: 100 });
  });

  it('passes over what it is told to, counts torn lines, and goes on behind them', () => {
    const file = path.join(dir, 'a.jsonl');
    writeFileSync(file, '{"a":1}\n{"round":2}\n{"a":\n{"a":3}\n{"a":4');
    const seen: unknown[] = [];
    const follower = new LineFollower(file, (l) => l.includes('round'));
    follower.look((v) => void seen.push(v));
    assert.deepEqual([...seen], [{ a: 1 }, { a: 3 }], 'a line without its end waits for it');
    assert.equal(follower.torn, 1);
    appendFileSync(file, '4}\n');
    follower.look((v) => void seen.push(v));
    assert.deepEqual(seen.at(-1), { a: 44 });
  });

  it('reads lines longer than its buffer', () => {
    const file = path.join(dir, 'long.jsonl');
    const text = 'x'.repeat(3 << 20);
    writeFileSync(file, `${JSON.stringify({ text })}\n{"after":true}\n`);
    const seen: unknown[] = [];
    new LineFollower(file).look((v) => void seen.push(v));
    assert.deepEqual(seen, [{ text }, { after: true }]);
  });

  it('starts anew when the file got shorter', () => {
    const file = path.join(dir, 'b.jsonl');
    writeFileSync(file, '{"n":1}\n{"n":2}\n');
    const seen: unknown[] = [];
    const follower = new LineFollower(file);
    const look = (): boolean => follower.look((v) => void seen.push(v), () => void seen.push('reset'));
    look();
    writeFileSync(file, '{"n":9}\n');
    look();
    assert.deepEqual(seen, [{ n: 1 }, { n: 2 }, 'reset', { n: 9 }]);
  });
});
