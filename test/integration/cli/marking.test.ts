// Marking with a measurement, and the pins of unsaved text, through the command.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, oneDocument, untouchable } from './support.ts';

const PY = 'def pick(items: list[int], wanted: list[int]):\n    out = []\n    for item in items:\n        if item in wanted:\n            out.append(item)\n    return out\n';
const YAML = 'version: 1\nspecs:\n  pick: # mine\n    pins: [a.py#pick]\n    measure: python3 b.py\n    metrics: [{ name: t }]\n';

interface Pins { pins: { id: string; spec: string; evaluation: string | null; missing: { remedy: string } | null; range: { startLine: number } }[]; problems: { file: string; line: number; message: string }[] }
interface Marked { id: string; spec: string; unfinished: string | null; files: { file: string; text: string; created: boolean }[] }

describe('marking', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());

  it('pins --stdin knows what sigil.yaml says of the unsaved text, and whether it is known how to measure', async () => {
    const p = desk.project(null, { 'a.py': PY, 'sigil.yaml': YAML });
    const at = async (text: string, file = 'a.py'): Promise<Pins> => {
      const r = await desk.sigil(p, ['pins', '--stdin', file, '--json'], { input: text });
      return oneDocument(r.stdout) as Pins;
    };
    const named = await at(`\n\n${PY}`);
    assert.deepEqual(named.pins.map((x) => [x.id, x.spec, x.evaluation, x.range.startLine]), [['a.py#pick', 'pick', 'sigil.yaml', 3]], 'a pin without a mark, where the unsaved text has it');
    assert.deepEqual((await at(`# sigil: improve\r\n${PY.replaceAll('\n', '\r\n')}`)).pins.map((x) => [x.spec, x.evaluation]), [['pick', 'sigil.yaml']], 'once, though it is marked too');
    assert.match((await at('x = 1\n')).problems[0]?.message ?? '', /spec "pick": there is no function or region "pick"/);
    const other = await at('# sigil: improve\ndef g(): pass\n\n\n# sigil: improve eval="python3 x.py"\ndef h(): pass\n', 'new/file.py');
    assert.deepEqual(other.pins.map((x) => [x.id, x.evaluation]), [['new/file.py#g', null], ['new/file.py#h', 'mark']]);
    assert.match(other.pins[0]?.missing?.remedy ?? '', /sigil\.yaml/);
    const joins = await at('# sigil: improve spec=pick\ndef g(): pass\n', 'c.py');
    assert.deepEqual([joins.pins[0]?.evaluation, joins.pins[0]?.missing?.remedy], [null, 'Add "c.py#g" to its pins.']);
  });

  it('a sigil.yaml that cannot be read is one problem, and marks are listed all the same', async () => {
    const p = desk.project(null, { 'a.py': `# sigil: improve eval=x\n${PY}`, 'sigil.yaml': `${YAML}    bugdet: 1\n` });
    const r = await desk.sigil(p, ['pins', '--json']);
    const found = oneDocument(r.stdout) as Pins;
    assert.equal(r.code, 1);
    assert.deepEqual(found.pins.map((x) => x.id), ['a.py#pick']);
    assert.deepEqual(found.problems.map((x) => [x.file, x.line, x.message]), [['sigil.yaml', 7, 'unknown key "bugdet" in specs.pick']]);
  });

  it('mark --measure --stdin answers with texts and writes nothing; without --stdin it writes them, and validate accepts them', async () => {
    const p = desk.project(null, { 'src/a.py': PY, 'tests/test_a.py': 'import unittest\nfrom src.a import pick\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(pick([1], [1]), [1])\n', 'tests/__init__.py': '' });
    const before = untouchable(p);
    const list = await desk.json<{ ways: { id: string }[]; automatic: string; gates: { command: string }[] }>(p, ['mark', 'src/a.py:2', '--list']);
    assert.deepEqual([list.automatic, list.ways.map((w) => w.id), list.gates.map((g) => g.command)], ['call', ['call', 'command', 'timer'], ['python3 -m unittest -q']]);
    const unsaved = `import os\r\n\r\n\r\n${PY.replaceAll('\n', '\r\n')}`;
    const answer = await desk.json<Marked>(p, ['mark', 'src/a.py:6', '--measure', 'auto', '--stdin'], { input: unsaved });
    assert.deepEqual(answer.files.map((f) => [f.file, f.created]), [['src/a.py', false], ['sigil.yaml', true], ['bench/inputs_pick.py', true]]);
    assert.equal(answer.files[0]?.text, unsaved.replace('def pick', '# sigil: improve\r\ndef pick'));
    assert.deepEqual([answer.id, answer.spec, answer.unfinished], ['src/a.py#pick', 'pick', null]);
    assert.deepEqual(untouchable(p), before);

    await desk.json(p, ['mark', 'src/a.py:2', '--measure', 'auto']);
    assert.ok(existsSync(join(p, 'bench/inputs_pick.py')));
    assert.equal(readFileSync(join(p, 'src/a.py'), 'utf8'), `# sigil: improve\n${PY}`);
    const checked = await desk.json<{ ok: boolean; gates: { gate: string; ok: boolean }[] }>(p, ['validate', 'pick']);
    assert.deepEqual([checked.ok, checked.gates.map((g) => [g.gate, g.ok])], [true, [['unittest', true], ['results', true]]]);
    const again = await desk.sigil(p, ['mark', 'src/a.py:2', '--measure', 'auto']);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /belongs to the spec "pick" of sigil\.yaml already\n +→ Edit that/);
  });

  it('adds to a sigil.yaml that is there, under a name that is free, and asks for what is missing', async () => {
    const p = desk.project(null, { 'a.py': PY, 'b/a.py': PY, 'sigil.yaml': YAML });
    const second = await desk.json<Marked>(p, ['mark', 'b/a.py:1', '--measure', 'command', '--command', 'python3 bench.py', '--metric', 'speedup']);
    assert.equal(second.spec, 'pick-2');
    assert.equal(readFileSync(join(p, 'sigil.yaml'), 'utf8'), `${YAML}  pick-2:\n    pins:\n      - b/a.py#pick\n    measure: python3 bench.py\n    metrics:\n      - { name: speedup, kind: score }\n    objective: maximize speedup\n    budget: { evaluations: 40 }\n`);
    for (const [args, message] of [
      [['--measure', 'command'], /needs a command\n +→ Give it with --command/],
      [['--measure', 'cal'], /there is no way "cal" .*\n +→ Did you mean "call"\?/],
      [['--measure', 'command', '--command', 'x', '--metric', 'a b'], /"a b" cannot be a metric's name/],
    ] as const) {
      const q = desk.project(null, { 'a.py': PY });
      const r = await desk.sigil(q, ['mark', 'a.py:1', ...args]);
      assert.equal(r.code, 2);
      assert.match(r.stderr, message);
      assert.equal(readFileSync(join(q, 'a.py'), 'utf8'), PY, 'nothing is half done');
    }
  });
});
