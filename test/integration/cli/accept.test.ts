// `accept` on a working tree that moved on: merged, refused, in part, from an editor; and files of every encoding.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, leftovers, put, untouchable, until } from './support.ts';

interface Accepted {
  readonly id: string;
  readonly applied?: readonly string[];
  readonly file?: string;
  readonly text?: string;
  readonly drifted: boolean;
  readonly gates: { readonly ok: boolean; readonly gates: readonly string[] } | null;
  readonly gain: object | null;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

describe('accept', function () {
  this.timeout(120_000);
  let desk: Desk;
  let searched: string;

  before(async () => {
    desk = new Desk();
    searched = desk.project('layout');
    const r = await desk.sigil(searched, ['run', 'layout', '--seed', '2']);
    assert.equal(r.code, 0, r.stderr);
  });
  after(async () => desk.dispose());

  /** A project as it stood after the run. */
  function copy(): string {
    const root = join(desk.folder, `copy${Math.random().toString(36).slice(2)}`);
    cpSync(searched, root, { recursive: true });
    return root;
  }
  const read = (root: string, file: string): string => readFileSync(join(root, file), 'latin1');
  const edit = (root: string, file: string, from: string, to: string): void => {
    const text = read(root, file);
    assert.ok(text.includes(from), from);
    writeFileSync(join(root, file), text.replace(from, to), 'latin1');
  };
  const hunksOf = (patch: string): string[] => patch.split(/^(?=@@)/m).slice(1);

  it('applies what git would apply of "diff best", and says at a second time that it is there', async () => {
    const root = copy();
    const { stdout: patch } = await desk.sigil(root, ['diff', 'best']);
    assert.equal(hunksOf(patch).length, 5, 'a hunk for each knob, or this test shows less than it should');
    const other = copy();
    put(desk.folder, { 'best.patch': patch });
    desk.git(other, 'apply', join(desk.folder, 'best.patch'));
    const done = await desk.json<Accepted>(root, ['accept', 'best']);
    assert.deepEqual([done.applied, done.drifted, done.gates], [['first.cfg', 'second.cfg'], false, null]);
    assert.ok(done.gain, 'the verified gain is of exactly this');
    for (const f of ['first.cfg', 'second.cfg']) assert.equal(read(root, f), read(other, f));
    const before = untouchable(root);
    const again = await desk.json<{ applied: unknown[]; reason: string }>(root, ['accept', 'best']);
    assert.deepEqual(again.applied, []);
    assert.match(again.reason, /already in the working files/);
    assert.deepEqual(untouchable(root), before);
    const { solutions } = await desk.json<{ solutions: { best: boolean; accepted: boolean }[] }>(root, ['inspect-solutions', 'layout']);
    assert.ok(solutions.find((s) => s.best)?.accepted);
  });

  it('merges into a file that changed elsewhere, after the gates', async () => {
    const root = copy();
    edit(root, 'first.cfg', '# note 0.5', '# my own remark');
    const done = await desk.json<Accepted>(root, ['accept', 'best']);
    assert.equal(done.drifted, true);
    assert.deepEqual([done.gates?.ok, done.gates?.gates], [true, ['gate 1']]);
    assert.equal(done.gain, null, 'this combination was not measured');
    assert.match(read(root, 'first.cfg'), /# my own remark/);
    assert.doesNotMatch(read(root, 'first.cfg'), /^width = 8 /m);
  });

  it('writes nothing when the gates refuse the merged text, unless told not to run them', async () => {
    const root = copy();
    edit(root, 'second.cfg', '# note 0.5', '# FORBIDDEN');
    const before = untouchable(root);
    const refused = await desk.sigil(root, ['accept', 'best']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /fails at gate 1: exit code 1; nothing was written\na forbidden word/);
    assert.deepEqual(untouchable(root), before);
    const forced = await desk.json<Accepted>(root, ['accept', 'best', '--no-gates']);
    assert.deepEqual([forced.applied, forced.gates], [['first.cfg', 'second.cfg'], null]);
  });

  it('refuses where the same lines changed, by file and line, and half-applies nothing', async () => {
    const root = copy();
    edit(root, 'second.cfg', 'columns = 3', 'columns = 5');
    const before = untouchable(root);
    const refused = await desk.sigil(root, ['accept', 'best']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /second\.cfg:12: this was changed since the run began.*nothing was written\n +→ Apply the patch by hand/);
    assert.deepEqual(untouchable(root), before, 'first.cfg could have been merged, and was not');
  });

  it('takes chosen hunks, numbered over the files, and gates them', async () => {
    const root = copy();
    const done = await desk.json<Accepted>(root, ['accept', 'best', '--hunks', '1,5']);
    assert.deepEqual(done.applied, ['first.cfg', 'second.cfg']);
    assert.deepEqual(done.gates?.ok, true);
    assert.equal(done.gain, null);
    const unchanged = ['depth = 30 ', 'ratio = 12 '].every((t) => read(root, 'first.cfg').includes(t)) && read(root, 'second.cfg').includes('rows = 60 ');
    assert.ok(unchanged);
    assert.doesNotMatch(read(root, 'first.cfg'), /^width = 8 /m);
    assert.doesNotMatch(read(root, 'second.cfg'), /^columns = 3 /m);
    for (const wrong of ['0', '6', 'x', '1,,2', '']) {
      const r = await desk.sigil(root, ['accept', 'best', '--hunks', wrong]);
      assert.equal(r.code, 2, `--hunks "${wrong}"`);
      assert.match(r.stderr, /hunks 1 to 5/);
    }
    // The rest on top of it gives the whole.
    await desk.json(root, ['accept', 'best', '--hunks', '2,3,4']);
    const { stdout } = await desk.sigil(root, ['accept', 'best', '--json']);
    assert.match(stdout, /already in the working files/);
  });

  it('--document - answers the merged text of an editor and writes nothing', async () => {
    const root = desk.project('knobs');
    assert.equal((await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '9'])).code, 0);
    const before = untouchable(root);
    const saved = read(root, 'params.cfg');
    const open = `# typed, not saved\n${saved}`;
    const answer = await desk.json<Accepted>(root, ['accept', 'best', '--document', '-'], { input: open });
    assert.equal(answer.file, 'params.cfg');
    assert.ok(answer.text?.startsWith('# typed, not saved\n'));
    assert.notEqual(answer.text, open);
    assert.deepEqual([answer.drifted, answer.gates?.ok], [true, true]);
    const same = await desk.json<Accepted>(root, ['accept', 'best', '--document', '-'], { input: saved });
    assert.deepEqual([same.drifted, same.gates, same.gain === null], [false, null, false]);
    assert.equal(`# typed, not saved\n${same.text ?? ''}`, answer.text);
    const conflict = await desk.sigil(root, ['accept', 'best', '--document', '-', '--json'], { input: saved.replace('width = 8', 'width = 9').replace('ratio = 12', 'ratio = 13') });
    assert.equal(conflict.code, 1);
    assert.match((JSON.parse(conflict.stdout) as { error: string }).error, /params\.cfg:2.*nothing was written/);
    assert.deepEqual(untouchable(root), before);
    const many = await desk.sigil(copy(), ['accept', 'best', '--document', '-'], { input: '' });
    assert.equal(many.code, 2);
    assert.match(many.stderr, /changes 2 files \(first\.cfg, second\.cfg\)/);
  });

  interface Answer {
    readonly files: readonly { readonly file: string; readonly text: string; readonly drifted: boolean; readonly changed: boolean }[];
    readonly drifted: boolean;
    readonly gates: { readonly ok: boolean } | null;
    readonly measured: { readonly holds: boolean; readonly reason: string; readonly gain: { readonly gain: number; readonly pairs: number } } | null;
    readonly gain: object | null;
    readonly refused: { readonly why: string; readonly message: string; readonly conflicts: unknown } | null;
  }
  const files = ['first.cfg', 'second.cfg'];
  const documents = (texts: readonly (string | undefined)[]): { input: string } => ({ input: JSON.stringify({ documents: texts.flatMap((text, i) => (text === undefined ? [] : [{ file: files[i], text }])) }) });

  it('--documents - answers several texts as an editor shows them, and writes nothing', async () => {
    const root = copy();
    const before = untouchable(root);
    const saved = files.map((f) => read(root, f));
    const plain = await desk.json<Answer>(root, ['accept', 'best', '--documents', '-'], documents(saved));
    const applied = copy();
    await desk.json(applied, ['accept', 'best']);
    assert.deepEqual(plain.files.map((f) => [f.file, f.text, f.drifted, f.changed]), files.map((f) => [f, read(applied, f), false, true]));
    assert.deepEqual([plain.drifted, plain.gates, plain.measured, plain.refused, plain.gain === null], [false, null, null, null, false]);

    // An editor that shows the second with other line ends, and in which the first has been typed into.
    const typed = [`# typed\n${saved[0] ?? ''}`, saved[1]?.replaceAll('\n', '\r\n')];
    const merged = await desk.json<Answer>(root, ['accept', 'best', '--documents', '-'], documents(typed));
    assert.equal(merged.files[0]?.text, `# typed\n${plain.files[0]?.text ?? ''}`);
    assert.equal(merged.files[1]?.text, plain.files[1]?.text.replaceAll('\n', '\r\n'));
    assert.deepEqual([merged.drifted, merged.gates?.ok, merged.gain], [true, true, null]);

    // What is not given is read from the disk.
    const one = await desk.json<Answer>(root, ['accept', 'best', '--documents', '-'], documents([undefined, saved[1]]));
    assert.deepEqual(one.files, plain.files);
    for (const input of ['', '[]', '{"documents": [{"file": "first.cfg"}]}']) assert.equal((await desk.sigil(root, ['accept', 'best', '--documents', '-'], { input })).code, 2);
    assert.deepEqual(untouchable(root), before);
  });

  it('--documents - tells a refusal as an answer, with where and why', async () => {
    const root = copy();
    const saved = files.map((f) => read(root, f));
    const ask = async (texts: readonly (string | undefined)[]): Promise<Answer> => {
      const r = await desk.sigil(root, ['accept', 'best', '--documents', '-', '--json'], documents(texts));
      assert.equal(r.code, 1);
      return JSON.parse(r.stdout) as Answer;
    };
    const conflict = await ask([saved[0], saved[1]?.replace('columns = 3', 'columns = 5')]);
    assert.deepEqual([conflict.refused?.why, conflict.refused?.conflicts], ['conflict', [{ file: 'second.cfg', lines: [12] }]]);
    const blocked = await ask([saved[0]?.replace('# note 0.5', '# FORBIDDEN'), saved[1]]);
    assert.deepEqual([blocked.refused?.why, blocked.gates?.ok], ['gates', false]);
    assert.match(blocked.refused?.message ?? '', /merged text fails at gate 1: exit code 1; nothing was written\na forbidden word/);
    const garbled = await desk.sigil(root, ['accept', 'best', '--documents', '-', '--json'], documents([saved[0]?.replace('# note 0.5', '# n\ufffdte'), saved[1]]));
    assert.match((JSON.parse(garbled.stdout) as { error: string }).error, /first\.cfg: the editor does not show this file in its own encoding/);
  });

  it('an editor sees a file with a byte order mark without it, and that is no drift', async () => {
    const original = (file: string): string => desk.git(searched, 'show', `HEAD:${file}`);
    const root = desk.project('layout', { 'first.cfg': Buffer.concat([BOM, Buffer.from(original('first.cfg').replaceAll('\n', '\r\n'))]), 'second.cfg': original('second.cfg') });
    assert.equal((await desk.sigil(root, ['run', 'layout', '--seed', '2', '--niter', '10'])).code, 0);
    const shown = files.map((f) => readFileSync(join(root, f), 'utf8').replace(/^\ufeff/, ''));
    const answer = await desk.json<Answer>(root, ['accept', 'best', '--documents', '-'], documents(shown));
    assert.deepEqual([answer.drifted, answer.gates], [false, null]);
    await desk.json(root, ['accept', 'best']);
    assert.deepEqual(answer.files.map((f) => f.text), answer.files.map((f) => readFileSync(join(root, f.file), 'utf8').replace(/^\ufeff/, '')));
    assert.ok(answer.files.some((f) => f.file === 'first.cfg'), 'the file with the mark is changed, or this test shows less than it should');
  });

  it('--record notes what an editor has applied, --undone that it was taken back, and both write no file', async () => {
    const root = copy();
    const before = untouchable(root);
    const isAccepted = async (): Promise<boolean | undefined> =>
      (await desk.json<{ solutions: { best: boolean; accepted: boolean }[] }>(root, ['inspect-solutions', 'layout'])).solutions.find((s) => s.best)?.accepted;
    const noted = await desk.json<{ recorded: string; files: unknown }>(root, ['accept', 'best', '--record', '--hunks', '1']);
    assert.deepEqual([noted.recorded, noted.files], ['accepted', ['first.cfg']]);
    assert.equal(await isAccepted(), true);
    await desk.json(root, ['accept', 'best', '--undone']);
    assert.equal(await isAccepted(), false);
    assert.equal((await desk.sigil(root, ['accept', 'best', '--undone', '--record'])).code, 2);
    assert.deepEqual(untouchable(root), before);
  });

  it('--measure applies a choice of hunks only when fresh measurements show it to be better', async () => {
    const root = copy();
    const saved = files.map((f) => read(root, f));
    const answer = await desk.json<Answer>(root, ['accept', 'best', '--hunks', '1', '--measure', '--documents', '-'], documents(saved));
    assert.deepEqual([answer.measured?.holds, answer.files.map((f) => f.file), answer.gates?.ok], [true, ['first.cfg'], true]);
    const width = Number(/^width = (\d+)/m.exec(answer.files[0]?.text ?? '')?.[1]);
    assert.equal(answer.measured?.gain.gain, (8 - 40) ** 2 - (width - 40) ** 2, 'of this hunk alone');
    assert.deepEqual(answer.gain, answer.measured.gain);
    // The project now wants few columns: the fifth hunk makes it worse, and is measured against the code as it is now.
    edit(root, 'cost.sh', '(b-44)*(b-44)', '(b-3)*(b-3)');
    const before = untouchable(root);
    const worse = await desk.sigil(root, ['accept', 'best', '--hunks', '5', '--measure']);
    assert.equal(worse.code, 1);
    assert.match(worse.stderr, /not shown to be better \(\d+ worse: .*nothing was written/);
    assert.deepEqual(untouchable(root), before);
    const told = await desk.json<Answer>(root, ['accept', 'best', '--hunks', '5', '--measure', '--documents', '-'], documents(saved));
    assert.equal(told.measured?.holds, false);
    assert.equal(told.gain, null);
    const taken = await desk.sigil(root, ['accept', 'best', '--hunks', '1', '--measure']);
    assert.equal(taken.code, 0, taken.stderr);
    assert.match(taken.stdout, /Verified against the code as it was before: \d+ better,/);
    assert.equal(Number(/^width = (\d+)/m.exec(read(root, 'first.cfg'))?.[1]), width);
  });

  it('called off while it measures leaves nothing behind', async () => {
    const root = copy();
    edit(root, 'cost.sh', 'echo "cost', 'sleep 30; echo "cost');
    const before = untouchable(root);
    const started = desk.start(root, ['accept', 'best', '--hunks', '1', '--measure', '--json']);
    await until('the gates have passed', () => started.stderr.includes('gate 1 passes'));
    started.child.kill('SIGTERM');
    const end = await started.ended;
    assert.deepEqual([end.code, (JSON.parse(end.stdout) as { error: string }).error], [130, 'called off: nothing was written']);
    assert.deepEqual(leftovers(root), []);
    assert.deepEqual(untouchable(root), before);
  });

  const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8');
  const accents = (text: string): string => text.replace('# note 0.1', '# Größe').replace('# note 0.8', '# déjà vu'); // beside pinned numbers, so that patches show it
  const encodings: Record<string, readonly [(text: string) => Buffer, (text: string) => Buffer]> = {
    'CRLF, and with a byte order mark': [crlf, (text) => Buffer.concat([BOM, Buffer.from(text)])],
    'a byte order mark and CRLF, and in Latin-1': [(text) => Buffer.concat([BOM, crlf(text)]), (text) => Buffer.from(accents(text), 'latin1')],
    'UTF-8, and without a newline at the end': [(text) => Buffer.from(accents(text).replace('# note 2.1', '# 日本 🙂')), (text) => Buffer.from(text.split('# note 1.0')[0]?.trimEnd() ?? '')],
  };
  for (const [what, [first, second]] of Object.entries(encodings)) {
    it(`changes nothing but the pinned numbers in files with ${what}; git apply takes the patch`, async () => {
      const original = (file: string): string => desk.git(searched, 'show', `HEAD:${file}`);
      const root = desk.project('layout', { 'first.cfg': first(original('first.cfg')), 'second.cfg': second(original('second.cfg')) });
      const run = await desk.sigil(root, ['run', 'layout', '--seed', '2', '--niter', '10']);
      assert.equal(run.code, 0, run.stderr);
      const { stdout } = await desk.sigil(root, ['diff', 'best'], { latin1: true });
      for (const f of files) assert.ok(stdout.includes(`+++ b/${f}`), `${f} is changed, or this test shows less than it should`);
      const before = files.map((f) => read(root, f));
      const numbers = (text: string): string => text.replace(/ = \d+/g, ' = N');

      writeFileSync(join(desk.folder, 'best.patch'), stdout, 'latin1');
      desk.git(root, 'apply', join(desk.folder, 'best.patch'));
      const applied = files.map((f) => read(root, f));
      assert.deepEqual(applied.map(numbers), before.map(numbers));
      desk.git(root, 'checkout', '--', ...files);

      // Drift elsewhere too, in the file's own encoding.
      edit(root, 'first.cfg', '# note 1.4', '# note 1.4 and more');
      const done = await desk.json<Accepted>(root, ['accept', 'best']);
      assert.deepEqual(done.applied, files);
      assert.equal(read(root, 'first.cfg'), applied[0]?.replace('# note 1.4', '# note 1.4 and more'));
      assert.equal(read(root, 'second.cfg'), applied[1]);
    });
  }
});
