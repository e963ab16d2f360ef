// Where the time goes: what a model is told of it, for Python and Node, called in process and as commands; and nothing of it for other metrics.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ModelServer } from '../../models/server.ts';
import { Desk, eventsIn, journals, leftovers, ofType } from './support.ts';

const PY = 'import json\n\ndef parse(text):\n    out = []\n    for line in text.split("\\n"):\n        out.append(json.loads(json.dumps(json.loads(line))))\n    for i in range(40):\n        pass\n    return len(out)\n';
const JS = 'export function parse(text) {\n  const out = [];\n  for (const line of text.split("\\n")) {\n    out.push(JSON.parse(JSON.stringify(JSON.parse(line))));\n  }\n  return out.length;\n}\n';
const INPUTS = JSON.stringify([[Array.from({ length: 200 }, (_, i) => JSON.stringify({ i, words: ['a', 'b', 'c'] })).join('\n')]]);
const time = 'metrics: [{ name: time_ms, kind: time, unit: ms, direction: minimize, source: SOURCE }]';
const spec = (pin: string, how: string, source: string): string => `version: 1\nspecs:\n  parse:\n    pins: [${pin}]\n    ${how}\n    ${time.replace('SOURCE', source)}\n    budget: { evaluations: 1 }\n`;
const BENCH_PY = 'from parse import parse\nimport json\nfor _ in range(150):\n    parse(json.load(open("inputs.json"))[0][0])\n';
const BENCH_JS = 'import { readFileSync } from "node:fs";\nimport { parse } from "./parse.mjs";\nfor (let i = 0; i < 1500; i++) parse(JSON.parse(readFileSync("inputs.json", "utf8"))[0][0]);\nprocess.exit(0);\n';

const CASES: readonly { readonly name: string; readonly files: Readonly<Record<string, string>>; readonly line: RegExp; readonly own: RegExp }[] = [
  { name: 'a Python function that is called', files: { 'parse.py': PY, 'sigil.yaml': spec('parse.py#parse', 'call: { inputs: inputs.json }', '{ call: cpu }') }, line: /\d+ % parse\.py:6 {2}out\.append/, own: /with what it calls: parse \(parse\.py:3\)/ },
  { name: 'a Python command', files: { 'parse.py': PY, 'bench.py': BENCH_PY, 'sigil.yaml': spec('parse.py#parse', 'measure: python3 bench.py', '{ timer: cpu }') }, line: /\d+ % parse\.py:6 {2}out\.append/, own: /with what it calls: parse \(parse\.py:3\)/ },
  { name: 'a JavaScript function that is called', files: { 'parse.mjs': JS, 'sigil.yaml': spec('parse.mjs#parse', 'call: { inputs: inputs.json }', '{ call: cpu }') }, line: /\d+ % parse\.mjs:4 {2}out\.push/, own: /with what it calls: parse \(parse\.mjs:1\)/ },
  { name: 'a Node command that ends itself', files: { 'parse.mjs': JS, 'bench.mjs': BENCH_JS, 'sigil.yaml': spec('parse.mjs#parse', 'measure: node bench.mjs', '{ timer: cpu }') }, line: /\d+ % parse\.mjs:4 {2}out\.push/, own: /with what it calls: parse \(parse\.mjs:1\)/ },
];

describe('profiles', function () {
  this.timeout(240_000);
  let desk: Desk;
  let server: ModelServer;
  before(async () => {
    desk = new Desk();
    server = await new ModelServer(() => ({ text: 'Idea: nothing.' })).start();
  });
  after(async () => {
    await server.stop();
    await desk.dispose();
  });
  beforeEach(() => { server.log.splice(0); });
  afterEach(() => { assert.deepEqual(leftovers(desk.folder), []); });

  /** What the first prompt of a run says. */
  const prompted = async (root: string): Promise<string> => {
    const r = await desk.sigil(root, ['run', 'parse', '--niter', '1', '--calls', '1', '--model', 'openai/x', '--base-url', `${server.url}/v1`, '--json']);
    assert.equal(r.code, 0, r.stderr);
    return server.log[0]?.prompt ?? '';
  };

  for (const { name, files, line, own } of CASES) {
    it(`of ${name} stand in the prompt, with the lines that take the time`, async () => {
      const root = desk.project(null, { ...files, 'inputs.json': INPUTS });
      const text = await prompted(root);
      const section = /# Where the time goes\n\n([\s\S]*?)\n\n# /.exec(text)?.[1] ?? assert.fail(text.slice(-3000));
      assert.match(section, line);
      assert.match(section, own);
      assert.equal(ofType(eventsIn(journals(root)[0] ?? ''), 'profiled')[0]?.text, section);
      for (const left of ['.sigil-profile', '__pycache__']) assert.equal(existsSync(join(root, left)), false);
    });
  }

  it('are not made for the built-in mutators, which cannot read them, nor of a count', async () => {
    const root = desk.project(null, { 'parse.py': PY, 'inputs.json': INPUTS, 'sigil.yaml': spec('parse.py#parse', 'call: { inputs: inputs.json }', '{ call: cpu }') });
    const r = await desk.sigil(root, ['run', 'parse', '--niter', '1', '--json']);
    assert.equal(r.code, 0, r.stderr);
    assert.deepEqual(ofType(eventsIn(journals(root)[0] ?? ''), 'profiled'), []);
    const count = desk.project('knobs');
    const c = await desk.sigil(count, ['run', 'shape', '--niter', '1', '--calls', '1', '--model', 'openai/x', '--base-url', `${server.url}/v1`, '--json']);
    assert.equal(c.code, 0, c.stderr);
    assert.doesNotMatch(server.log[0]?.prompt ?? '', /Where the time goes/);
  });
});
