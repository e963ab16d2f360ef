// Patches: made, applied exactly, taken by git apply, merged, and taken in part.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { hunkCount, mergeTexts, withHunks } from '../../../src/core/patch/merge.ts';
import { applyExactly, filePatch, filesPatch } from '../../../src/core/patch/unified.ts';
import { seededRng, type Rng } from '../../../src/core/rng.ts';

/** Few different lines, so that hunks repeat, move and touch; some look like a patch's own syntax. */
const LINES = ['a', 'b', 'c', '', ' ', '\t', 'return x', '-- select 1', '-- select 1\t', '++ i;\t', '++ b/x', '-- a/x\t', '@@ -1,1 +1,1 @@', '\\ No newline at end of file', 'ünïcode €', '😀', 'Index: x', '====', 'trailing '] as const;
const ENDS = ['\n', '\r\n'] as const;

const line = fc.constantFrom(...LINES);
const text = fc.tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom(...ENDS), fc.boolean(), fc.boolean())
  .map(([lines, end, last, bom]) => (bom ? '\uFEFF' : '') + lines.map((l, i) => l + (i < lines.length - 1 || last ? end : '')).join(''));

/** A few changes of whole lines. */
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.array(line, { maxLength: 3 })), { maxLength: 4 });
const changed = (before: string, changes: readonly (readonly [number, number, readonly string[]])[]): string => {
  const lines = before.split(/(?<=\n)/);
  for (const [at, count, fresh] of changes) lines.splice(at % (lines.length + 1), count, ...fresh.map((l) => `${l}\n`));
  return lines.join('');
};
const pair = fc.oneof(fc.tuple(text, text), fc.tuple(text, edits).map(([t, e]) => [t, changed(t, e)] as [string, string]));

const applied = (patch: string, file: string, before: string): string | undefined => applyExactly(patch, new Map([[file, before]]))?.get(file);

describe('patches', () => {
  it('apply exactly to what they were made from', () => {
    fc.assert(fc.property(pair, ([before, after]) => {
      const patch = filePatch('src/x.ts', before, after);
      assert.equal(patch === '', before === after);
      assert.equal(applied(patch, 'src/x.ts', before), after);
    }), { numRuns: 2000 });
  });

  it('of one file leave the others alone, and of several name them', () => {
    fc.assert(fc.property(fc.array(pair, { minLength: 1, maxLength: 4 }), (pairs) => {
      const names = pairs.map((_, i) => `dir ${i}/f${i}.py`);
      const before = new Map(pairs.map(([b], i) => [names[i]!, b]));
      const after = new Map(pairs.map(([, a], i) => [names[i]!, a]));
      const patch = filesPatch(before, after);
      assert.deepEqual([...(applyExactly(patch, before) ?? [])], [...after]);
    }), { numRuns: 300 });
  });

  it('do not apply to another text, nor to a file that is not there', () => {
    const patch = filePatch('f', 'one\ntwo\nthree\n', 'one\n2\nthree\n');
    assert.equal(applyExactly(patch, new Map([['f', 'one\nTWO\nthree\n']])), null);
    assert.equal(applyExactly(patch, new Map([['f', 'one\r\ntwo\r\nthree\r\n']])), null);
    assert.equal(applyExactly(patch, new Map([['g', 'one\ntwo\nthree\n']])), null);
  });

  it('are written as git writes them', () => {
    assert.equal(filePatch('f', '', 'a\n'), '--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n');
    assert.equal(filePatch('f', 'a', 'a\n'), '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n');
    assert.match(filePatch('a b/c', 'a', ''), /^--- a\/a b\/c\t\n\+\+\+ b\/a b\/c\t\n@@ -1,1 \+0,0 @@\n/);
    assert.match(filePatch('a"b', 'a', ''), /^--- "a\/a\\"b"\n/);
  });

  it('of another make are refused', () => {
    for (const patch of ['garbage\n', '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n', 'diff --git a/f b/f\n--- a/f\n+++ b/f\n'])
      assert.throws(() => applyExactly(patch, new Map([['f', 'a\n']])), /not a patch of ours/);
    assert.equal(applyExactly('--- a/f\n+++ b/f\n@@ -7,0 +8,1 @@\n+a\n', new Map([['f', 'a\n']])), null);
  });

  it('cost little for a small change of a large file', () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i % 7}\n`);
    const before = lines.join('');
    lines[50_000] = 'changed\n';
    const patch = filePatch('big', before, lines.join(''));
    assert.equal(patch.split('\n').length, 12);
    assert.equal(applied(patch, 'big', before), lines.join(''));
  });
});

describe('merges', () => {
  it('of changes far apart have both, in either order', () => {
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.array(line, { minLength: 1, maxLength: 5 }), fc.constantFrom(...ENDS), (top, bottom, end) => {
      const middle = Array.from({ length: 6 }, (_, i) => `middle ${i}`);
      const of = (a: readonly string[], b: readonly string[]): string => [...a, ...middle, ...b].join(end);
      const base = of(top, bottom);
      const mine = of(['mine', ...top], bottom);
      const theirs = of(top, [...bottom, 'theirs']);
      const both = of(['mine', ...top], [...bottom, 'theirs']);
      assert.deepEqual(mergeTexts(mine, base, theirs), { ok: true, text: both });
      assert.deepEqual(mergeTexts(theirs, base, mine), { ok: true, text: both });
    }), { numRuns: 300 });
  });

  it('keep what one side changed, what both changed alike, and refuse what both changed differently', () => {
    fc.assert(fc.property(text, edits, edits, (base, e1, e2) => {
      const [mine, theirs] = [changed(base, e1), changed(base, e2)];
      assert.deepEqual(mergeTexts(mine, base, base), { ok: true, text: mine });
      assert.deepEqual(mergeTexts(base, base, theirs), { ok: true, text: theirs });
      assert.deepEqual(mergeTexts(mine, base, mine), { ok: true, text: mine });
      const [there, back] = [mergeTexts(mine, base, theirs), mergeTexts(theirs, base, mine)];
      assert.equal(there.ok, back.ok);
    }), { numRuns: 500 });
    assert.deepEqual(mergeTexts('a\nMINE\nc\n', 'a\nb\nc\n', 'a\nTHEIRS\nc\n'), { ok: false, lines: [2] });
    assert.deepEqual(mergeTexts('x\na\nMINE\nc', 'a\nb\nc', 'a\nTHEIRS\nc'), { ok: false, lines: [3] });
    assert.deepEqual(mergeTexts('a\nSAME\nc\nd\ne\nf\nmine\n', 'a\nb\nc\nd\ne\nf\n', 'a\nSAME\nc\nd\ne\nf\n'), { ok: true, text: 'a\nSAME\nc\nd\ne\nf\nmine\n' });
  });

  it('agree with git merge-file where git finds no conflict', function () {
    const rng = seededRng('merge');
    const dir = mkdtempSync(path.join(tmpdir(), 'sigil-merge-'));
    try {
      let clean = 0;
      for (let i = 0; i < 40; i++) {
        const base = Array.from({ length: 20 }, (_, k) => `line ${k}\n`).join('');
        const [mine, theirs] = [mutated(base, rng), mutated(base, rng)];
        for (const [name, t] of [['mine', mine], ['base', base], ['theirs', theirs]] as const) writeFileSync(path.join(dir, name), t);
        let git: string | null = null;
        try {
          git = execFileSync('git', ['merge-file', '-p', 'mine', 'base', 'theirs'], { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        } catch {
          // conflicts
        }
        const ours = mergeTexts(mine, base, theirs);
        if (git === null || !ours.ok) continue;
        assert.equal(ours.text, git);
        clean++;
      }
      assert.ok(clean > 10, `${clean} clean merges`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

function mutated(base: string, rng: Rng): string {
  const lines = base.split(/(?<=\n)/);
  for (let n = 1 + rng.int(4); n > 0; n--) {
    const at = rng.int(lines.length + 1);
    const kind = rng.int(3);
    lines.splice(at, kind === 0 ? 0 : 1 + rng.int(2), ...(kind === 1 ? [] : [`${rng.pick(LINES)}\n`]));
  }
  return lines.join('');
}

describe('patches and git apply', () => {
  it('agree on whole patches and on every choice of hunks', function () {
    const rng = seededRng('hunks');
    const dir = mkdtempSync(path.join(tmpdir(), 'sigil-patch-'));
    try {
      const git = (args: readonly string[], input?: string): void => void execFileSync('git', args, { cwd: dir, stdio: ['pipe', 'ignore', 'pipe'], ...(input === undefined ? {} : { input }), env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } });
      const cases: { file: string; before: string; after: string; patch: string }[] = [];
      const add = (before: string, after: string): void => {
        if (before === after) return;
        const file = `${['plain', 'with space', 'ünïcode'][cases.length % 3] ?? ''}/f${cases.length}.txt`;
        cases.push({ file, before, after, patch: filePatch(file, before, after) });
      };
      for (let i = 0; i < 150; i++) {
        const end = rng.pick(ENDS);
        const base = (rng.chance(0.2) ? '\uFEFF' : '') + Array.from({ length: 4 + rng.int(40) }, () => rng.pick(LINES) + end).join('');
        const before = rng.chance(0.3) ? base.replace(/\r?\n$/, '') : base;
        const after = mutated(before, rng);
        add(before, rng.chance(0.2) ? after.replace(/\r?\n$/, '') : after);
        const count = hunkCount('x', before, after);
        for (let k = 0; k < 2 && count > 1; k++) {
          const chosen = new Set(Array.from({ length: count }, (_, h) => h).filter(() => rng.chance(0.5)));
          const part = withHunks('x', before, after, chosen);
          add(before, part);
          assert.equal(hunkCount('x', before, part), chosen.size, 'each chosen hunk is one again');
        }
        assert.equal(withHunks('x', before, after, new Set(Array.from({ length: count }, (_, h) => h))), after);
        assert.equal(withHunks('x', before, after, new Set()), before);
      }
      add('', 'now\nthere\n');
      add('gone\n', '');
      add('', 'no newline');
      for (const c of cases) {
        mkdirSync(path.join(dir, path.dirname(c.file)), { recursive: true });
        writeFileSync(path.join(dir, c.file), c.before);
      }
      // One file that was emptied or was empty is a file still: git takes a patch of it as one that changes it.
      git(['apply', '--whitespace=nowarn', '-'], cases.map((c) => c.patch).join(''));
      for (const c of cases) assert.equal(readFileSync(path.join(dir, c.file), 'utf8'), c.after, c.patch);
      assert.ok(cases.length > 200);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('hunks chosen by number are those that git would apply from the same patch', () => {
    const before = Array.from({ length: 60 }, (_, i) => `line ${i}\n`).join('');
    const after = before.replace('line 5\n', 'five\nfive and a half\n').replace('line 25\n', '').replace('line 45\n', 'forty-five\n');
    assert.equal(hunkCount('f', before, after), 3);
    assert.equal(withHunks('f', before, after, new Set([0])), before.replace('line 5\n', 'five\nfive and a half\n'));
    assert.equal(withHunks('f', before, after, new Set([1])), before.replace('line 25\n', ''));
    assert.equal(withHunks('f', before, after, new Set([2])), before.replace('line 45\n', 'forty-five\n'));
    assert.equal(withHunks('f', before, after, new Set([0, 2])), before.replace('line 5\n', 'five\nfive and a half\n').replace('line 45\n', 'forty-five\n'));
  });

  it('hunks stand where they were also among equal lines', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a\n', 'b\n'), { minLength: 20, maxLength: 60 }), fc.array(fc.tuple(fc.nat(), fc.nat(1), fc.array(fc.constantFrom('a\n', 'b\n', 'new\n'), { maxLength: 2 })), { maxLength: 5 }), fc.infiniteStream(fc.boolean()), (lines, changes, coin) => {
      const before = lines.join('');
      const other: string[] = [...lines];
      for (const [at, count, fresh] of changes) other.splice(at % other.length, count, ...fresh);
      const after = other.join('');
      const count = hunkCount('f', before, after);
      const chosen = new Set(Array.from({ length: count }, (_, i) => i).filter(() => coin.next().value));
      const rest = new Set(Array.from({ length: count }, (_, i) => i).filter((i) => !chosen.has(i)));
      const part = withHunks('f', before, after, chosen);
      // Lengths tell: each hunk changes the length by its own.
      assert.equal(part.length + withHunks('f', before, after, rest).length, before.length + after.length);
    }), { numRuns: 500 });
  });
});
