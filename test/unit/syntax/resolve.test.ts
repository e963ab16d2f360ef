// References of a spec to pins: exact, with near names when wrong, refused when two could be meant or pins overlap.
import assert from 'node:assert/strict';
import { resolvePinRef, resolvePinRefs } from '../../../src/adapters/syntax/resolve.ts';
import { UserError } from '../../../src/core/errors.ts';
import { baseGenome, genomeOf, renderFiles } from '../../../src/core/pin.ts';

const files: Record<string, string> = {
  'src/a.py': 'class A:\n    def size(self):\n        return 1\n\nclass B:\n    def size(self):\n        return 2\n\n# sigil: improve spec=s metric=ms\ndef plain(x):\n    def inner(y):\n        return y\n    return inner(x)\n\ndef plain(x):\n    return 2\n# EVOLVE-BLOCK-START hot\nK = 1\n# EVOLVE-BLOCK-END\n',
  'one.ts': 'const a = () => 1, b = () => 2;\nexport default function main() { return a() + b(); }\n',
  'conf.toml': 'x = 1\n# EVOLVE-BLOCK-START\ny = 2\n# EVOLVE-BLOCK-END\n',
  'odd#name.c': 'int f(void) { return 1; }\n',
  'both.py': '# EVOLVE-BLOCK-START f\nK = 1\n# EVOLVE-BLOCK-END\ndef f(): pass\n',
};
const read = (file: string): string | null => files[file] ?? null;
const slice = async (ref: string): Promise<string> => {
  const pin = await resolvePinRef(ref, read);
  return (files[pin.file] ?? '').slice(pin.range.start, pin.range.end);
};
const refused = async (ref: string | string[], message: RegExp, remedy: RegExp): Promise<void> => {
  await assert.rejects(async () => { await resolvePinRefs([ref].flat(), read); }, (e) => e instanceof UserError && message.test(e.message) && remedy.test(e.remedy) && e.exitCode === 2
    || assert.fail(e instanceof UserError ? `${e.message} → ${e.remedy}` : String(e)));
};

describe('resolve', () => {
  it('finds functions, regions and whole files', async () => {
    assert.equal(await slice('src/a.py#A.size'), 'def size(self):\n        return 1');
    assert.equal(await slice('src/a.py#plain.inner'), 'def inner(y):\n        return y');
    assert.equal(await slice('./src/a.py#plain~2'), 'def plain(x):\n    return 2');
    assert.equal(await slice('src\\a.py#hot'), 'K = 1\n');
    assert.equal(await slice('conf.toml#1'), 'y = 2\n');
    assert.equal(await slice('conf.toml'), files['conf.toml']);
    assert.equal(await slice('odd#name.c#f'), 'int f(void) { return 1; }');
    assert.equal(await slice('one.ts#default'), 'export default function main() { return a() + b(); }');
    const whole = await resolvePinRef('src/a.py', read);
    assert.deepEqual([whole.id, whole.kind, whole.language, whole.range.startLine, whole.range.endLine], ['src/a.py', 'file', 'python', 1, 19]);
  });

  it('keeps what a mark says', async () => {
    assert.deepEqual((await resolvePinRef('src/a.py#plain', read)).options, { spec: 's', metric: 'ms' });
    assert.deepEqual((await resolvePinRef('src/a.py#A.size', read)).options, {});
  });

  it('finds the innermost function around a line, else the region', async () => {
    assert.equal((await resolvePinRef('src/a.py:12', read)).symbol, 'plain.inner');
    assert.equal((await resolvePinRef('src/a.py:13', read)).symbol, 'plain');
    assert.equal((await resolvePinRef('src/a.py:18', read)).id, 'src/a.py#hot');
    await refused('src/a.py:4', /no function around line 4/, /nearest: A\.size \(line 2\)/);
    await refused('one.ts:1', /on line 1 .* a and b|b and a/, /lines of their own/);
    await refused('conf.toml:1', /no function around line 1/, /EVOLVE-BLOCK/);
  });

  it('names near symbols, and never guesses', async () => {
    await refused('src/a.py#size', /no function or region "size"/, /Did you mean A\.size \(line 2\) or B\.size \(line 6\)\?/);
    await refused('src/a.py#plian', /"plian"/, /plain \(line 10\)/);
    await refused('src/a.py#completely_different', /./, /^It has A\.size, B\.size, plain/);
    await refused('conf.toml#2', /./, /Did you mean 1/);
    await refused('both.py#f', /both a region \(line 2\) and a function \(line 4\)/, /name of its own/);
    await refused('gone.py#f', /not there/, /project root/);
    await refused('../x.py', /outside the project/, /./);
    await refused('/etc/passwd', /not a path from the project root/, /./);
  });

  it('passes on why a file cannot be read', async () => {
    const failing = (file: string): string => { throw new UserError(`cannot read ${file}`, 'Check it.'); };
    await assert.rejects(resolvePinRef('a#b.py#f', failing), /cannot read a$/);
    await assert.rejects(resolvePinRef('a.py', () => { throw new TypeError('a bug'); }), TypeError);
  });

  it('groups pins by file, in order, and refuses shared text', async () => {
    const base = await resolvePinRefs(['src/a.py#B.size', 'conf.toml#1', 'src/a.py#A.size'], read);
    assert.deepEqual(base.map((f) => [f.file, f.pins.map((p) => p.symbol ?? p.id)]), [['src/a.py', ['A.size', 'B.size']], ['conf.toml', ['conf.toml#1']]]);
    assert.deepEqual(renderFiles(base, baseGenome(base)), new Map(base.map((f) => [f.file, f.text])));
    assert.deepEqual(genomeOf(base, renderFiles(base, { ...baseGenome(base), 'conf.toml#1': 'y = 3\n' })), { genome: { ...baseGenome(base), 'conf.toml#1': 'y = 3\n' } });
    await refused(['src/a.py#plain', 'src/a.py#plain.inner'], /plain \(lines 10–13\) and .*plain\.inner \(lines 11–12\) overlap/, /outer/);
    await refused(['src/a.py', 'src/a.py#plain'], /overlap/, /./);
    await refused(['src/a.py#plain', 'src/a.py:13'], /twice/, /Leave one out/);
  });
});
