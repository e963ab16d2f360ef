// sigil.yaml: what each mistake says (with line, column and remedy), and what is filled in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSpecs, specNamed } from '../../../src/adapters/spec/load.ts';
import { milliseconds, resolveSpec } from '../../../src/adapters/spec/resolve.ts';
import { schemaText } from '../../../src/cli/schema.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { Spec } from '../../../src/core/spec.ts';
import { specSchema } from '../../../src/protocol/spec-file.ts';

const HEAD = 'version: 1\nspecs:\n  x:\n    pins: [a.py]\n';
/** Seven lines; what is added begins at line 8. At four blanks it is a key of the spec, at eight of the metric. */
const OK = `${HEAD}    measure: python b.py\n    metrics:\n      - name: time_ms\n`;

function failure(text: string): UserError {
  try {
    parseSpecs(text);
  } catch (e) {
    if (e instanceof UserError) return e;
    throw e;
  }
  return assert.fail(`accepted:\n${text}`);
}

const one = (text: string): Spec => specNamed(parseSpecs(text).specs, 'x');

describe('sigil.yaml: mistakes', () => {
  const CASES: readonly (readonly [string, string, string, RegExp])[] = [
    ['an empty file', '', '1:1: the file: must be a map of keys', /sigil init/],
    ['a list', '[]', '1:1: the file: must be a map of keys', /sigil init/],
    ['another version', 'version: 2\nspecs: {}\n', '1:10: version: must be 1', /Change version/],
    ['no specs', 'version: 1\n', '1:1: specs is missing: a map of names to specs', /Add "specs"/],
    ['a list of specs', 'version: 1\nspecs: [a]\n', '2:8: specs: must be a map of names to specs', /./],
    ['a reserved name', 'version: 1\nspecs:\n  runs: {}\n', '3:3: "runs" is not a spec name: letters, digits, _ . -, and not "runs" or "solutions"', /Rename/],
    ['a name with a blank', 'version: 1\nspecs:\n  a b: {}\n', '3:3: "a b" is not a spec name: letters, digits, _ . -, and not "runs" or "solutions"', /Rename/],
    ['nothing to measure', HEAD, '3:3: specs.x.metrics is missing: a list', /Add "metrics"/],
    ['no command', OK.replace('    measure: python b.py\n', ''), '3:3, spec "x", key "measure": the metric "time_ms" needs a command to measure', /measure: <command>/],
    ['pins that are no list', OK.replace('[a.py]', 'a.py'), '4:11: specs.x.pins: must be a list', /\[ … \]/],
    ['no pins', OK.replace('[a.py]', '[]'), '4:11: specs.x.pins: must be at least 1 long', /pins/],
    ['an unknown key', `${OK}    budgt: 5\n`, '8:5: unknown key "budgt" in specs.x', /Did you mean "budget"/],
    ['an unknown key like none', `${OK}    zebra: 5\n`, '8:5: unknown key "zebra" in specs.x', /Keys here: pins, scope, .*instructions\.$/],
    ['an unknown key of a section', `${OK}    budget:\n      time: 5m\n      evaluatons: 5\n`, '10:7: unknown key "evaluatons" in specs.x.budget', /Did you mean "evaluations"/],
    ['an unknown key in a list', `${OK}        unti: ms\n`, '8:9: unknown key "unti" in specs.x.metrics.0', /Did you mean "unit"/],
    ['an unknown key of one form of several', `${OK}    gates:\n      - pytest\n      - comand: pytest\n`, '10:9: unknown key "comand" in specs.x.gates.1', /Did you mean "command"/],
    ['an unknown key of a source', `${OK}        source: { regx: x }\n`, '8:19: unknown key "regx" in specs.x.metrics.0.source', /Did you mean "regex"/],
    ['an unknown source', `${OK}        source: lines\n`, '8:17: specs.x.metrics.0.source: not a form that is known here', /Write "line", or an object with one of: json, file, path, regex, parse, timer, call/],
    ['a wrong type', `${OK}    network: maybe\n`, '8:14: specs.x.network: must be true or false', /./],
    ['a wrong type of a union', `${OK}    setup: 5\n`, '8:12: specs.x.setup: not a form that is known here', /Write text, or an object with one of: name, command, timeout/],
    ['a fraction', `${OK}    memory_mb: 1.5\n`, '8:16: specs.x.memory_mb: must be a whole number', /./],
    ['a word that is none of them', `${OK}        kind: tim\n`, '8:15: specs.x.metrics.0.kind: must be one of time, rate, size, count, score', /one of them/],
    ['a negative smallest effect', `${OK}        min_effect: -1\n`, '8:21: specs.x.metrics.0.min_effect: must be at least 0', /./],
    ['an α that is none', `${OK}    alpha: 2\n`, '8:12: specs.x.alpha: must be less than 0.5', /./],
    ['a duration that is none', `${OK}    budget: { time: 5 parsecs }\n`, '8:21: specs.x.budget.time: must be a duration such as 30s, 10m or 1h', /./],
    ['a negative duration', `${OK}    budget: { time: -5 }\n`, '8:21: specs.x.budget.time: must be more than 0', /./],
    ['a gate\'s timeout', `${OK}    gates:\n      - command: x\n        timeout: soon\n`, '10:18: specs.x.gates.0.timeout: must be a duration such as 30s, 10m or 1h', /./],
    ['a metric\'s name', OK.replace('time_ms', 'time-ms'), '7:15: specs.x.metrics.0.name: must be a name of letters, digits, _ and .', /./],
    ['a metric twice', `${OK}      - name: time_ms\n`, '8:15, spec "x", key "metrics.time_ms.name": "time_ms" is there twice', /name of its own/],
    ['a metric that the objective lacks', `${OK}    objective: minimize tim_ms\n`, '8:16, spec "x", key "objective": there is no metric "tim_ms"', /Did you mean "time_ms"/],
    ['a stage on no metric', `${OK}    cascade:\n      - command: x\n        metric: tim_ms\n`, '10:17, spec "x", key "cascade.0.metric": there is no metric "tim_ms"', /Did you mean "time_ms"/],
    ['a constraint on no metric', `${OK}    objective: minimize time_ms subject to accuracy > 1\n`, '8:16, spec "x", key "objective": there is no metric "accuracy"', /Known: time_ms/],
    ['an objective that is none', `${OK}    objective: make it fast\n`, '8:16, spec "x", key "objective": "make it fast", character 1: it must begin with "minimize" or "maximize"', /subject to/],
    ['two directions', `${OK}        direction: maximize\n    objective: minimize time_ms\n`, '8:20, spec "x", key "metrics.time_ms.direction": says maximize, but the objective says minimize', /Leave one/],
    ['a pattern', `${OK}        source: { regex: "(" }\n`, '8:26, spec "x", key "metrics.time_ms.source.regex": Invalid regular expression: /(/m: Unterminated group', /JavaScript syntax/],
    ['call without a call eval', `${OK}        source: { call: cpu }\n`, '8:17, spec "x", key "metrics.time_ms.source": "call" needs a call eval', /call:/],
    ['a call eval without inputs', `${OK}    call: {}\n`, '8:5: specs.x.call.inputs is missing', /Add "inputs"/],
    ['a generator without a function', `${OK}    call: { inputs: { generator: x } }\n`, '8:34: specs.x.call.inputs.generator: must be file:function', /./],
    ['an environment variable', `${OK}    env: [A-B]\n`, '8:11: specs.x.env.0: must be text that matches pattern /^[A-Za-z_]\\w*$/', /./],
    ['an optimizer without a name', `${OK}    optimizer: { width: 3 }\n`, '8:5: specs.x.optimizer.name is missing: text', /./],
    ['a key twice', `${OK}    measure: x\n`, '8:5: Map keys must be unique', /YAML/],
    ['a tab', `${OK}\tx: 1\n`, '8:1: Tabs are not allowed as indentation', /YAML/],
    ['wrong indentation', `${OK}   bad: [1\n`, '8:1: All mapping items must start at the same column', /YAML/],
    ['an open bracket', `${HEAD}    link: [a\n`, '6:1: Flow sequence in block collection must be sufficiently indented and end with a ]', /YAML/],
    ['several documents', `${OK}---\na: 1\n`, '8:1: Source contains multiple documents', /YAML/],
    ['an alias of nothing', `${OK}    env: *names\n`, '8:10: Unresolved alias (the anchor must be set before the alias): names', /Write the value out/],
  ];
  for (const [name, text, message, remedy] of CASES) {
    it(name, () => {
      const e = failure(text);
      assert.equal(e.message, `sigil.yaml:${message}`);
      assert.match(e.remedy, remedy);
      assert.equal(e.exitCode, 2);
      // The same with the line ends of Windows, and at the same place behind a comment.
      assert.equal(failure(text.replaceAll('\n', '\r\n')).message, e.message);
      if (text !== '' && !e.message.includes('All mapping')) assert.equal(failure(`# note\n${text}`).message.replace(/:(\d+):/, (_, n: string) => `:${Number(n) - 1}:`), e.message);
    });
  }

  it('a bomb of aliases is refused', () => {
    let text = 'a0: &a0 [x, x]\n';
    for (let i = 1; i < 40; i++) text += `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]\n`;
    assert.match(failure(text).message, /^sigil\.yaml:\d+:\d+: Excessive alias count/);
  });

  it('the name of a spec that is not there gets the nearest', () => {
    const { specs } = parseSpecs(`${OK}  parser: { pins: [b], measure: x, metrics: [{ name: t }] }\n`);
    assert.throws(() => specNamed(specs, 'parsr'), (e) => e instanceof UserError && e.remedy === 'Did you mean "parser"?' && e.exitCode === 2);
    assert.throws(() => specNamed(new Map(), 'x'), (e) => e instanceof UserError && /sigil init/.test(e.remedy));
  });

  it('off the command line, the place is the command line', () => {
    assert.throws(() => resolveSpec('x', specSchema.parse({ pins: ['a'], measure: 'm', metrics: [{ name: 'a' }], objective: 'minimize b' }), 'the command line'), /^UserError: the command line, key "objective": there is no metric "b"/);
  });
});

describe('sigil.yaml: defaults', () => {
  it('are what the contracts say', () => {
    const s = one(OK);
    assert.deepEqual(s.metrics, [{ name: 'time_ms', kind: 'time', direction: 'minimize', source: { from: 'line' }, exclusive: true, minEffect: 0.01 }]);
    assert.deepEqual(s.objective, { direction: 'minimize', expression: { op: 'metric', name: 'time_ms' }, constraints: [] });
    assert.deepEqual(s.measure, { name: 'measure', command: 'python b.py', timeoutMs: 600_000 });
    assert.deepEqual(s.budget, { evaluations: 60, timeMs: null, usd: null });
    assert.deepEqual(s.optimizer, { name: 'greedy', options: {}, byDefault: true });
    assert.deepEqual([s.alpha, s.network, s.memoryMb, s.gates, s.setup, s.call, s.heldOut], [0.05, false, 4096, [], null, null, null]);
  });

  it('of kinds, directions and smallest effects follow names, units and the objective', () => {
    const s = one(OK.replace('- name: time_ms', '- { name: speedup }\n      - { name: requests_per_sec }\n      - { name: peak_rss_mb }\n      - { name: errors }\n      - { name: total, unit: ms }\n      - { name: latency, kind: score }'));
    assert.deepEqual(s.metrics.map((m) => [m.kind, m.direction, m.exclusive, m.minEffect]), [
      ['score', 'maximize', false, 0], ['rate', 'maximize', true, 0.01], ['size', 'minimize', false, 0], ['count', 'minimize', false, 0], ['time', 'minimize', true, 0.01], ['score', 'maximize', false, 0],
    ]);
    assert.equal(one(OK.replace('- name: time_ms', '- name: loss') + '    objective: minimize loss\n').metrics[0]?.direction, 'minimize');
    const sum = one(OK.replace('- name: time_ms', '- { name: a }\n      - { name: b, direction: minimize }') + '    objective: maximize a - 2*b subject to b <= 3\n');
    assert.equal(sum.objective.direction, 'maximize');
    assert.deepEqual(sum.metrics.map((m) => m.direction), ['maximize', 'minimize']);
  });

  it('of sources: the timer and the call eval are times in ms', () => {
    assert.deepEqual(one(`${OK.replace('time_ms', 'x')}        source: { timer: cpu }\n`).metrics[0], { name: 'x', kind: 'time', direction: 'minimize', source: { from: 'timer', clock: 'cpu' }, unit: 'ms', exclusive: true, minEffect: 0.01 });
    const call = one('version: 1\nspecs:\n  x:\n    pins: [a.py#f]\n    call: { inputs: gen.py:make }\n    metrics: [{ name: t }]\n');
    assert.deepEqual(call.metrics[0]?.source, { from: 'call', clock: 'cpu' });
    assert.deepEqual(call.call, { inputs: { generator: 'gen.py:make' }, heldOut: 0.25, compare: true, seed: 1, ordered: true, timeoutMs: 600_000, tolerance: { relative: 1e-9, absolute: 1e-12 } });
    assert.deepEqual(one('version: 1\nspecs:\n  x:\n    pins: [a.py#f]\n    call: { inputs: data/in.jsonl }\n    metrics: [{ name: t }]\n').call?.inputs, { file: 'data/in.jsonl' });
    for (const [text, source] of [['{ json: a.b }', { from: 'json', path: 'a.b' }], ['{ file: out.json, path: a }', { from: 'file', file: 'out.json', path: 'a' }], ['{ file: out.txt }', { from: 'file', file: 'out.txt' }], ['{ regex: "(\\\\d+)" }', { from: 'regex', regex: '(\\d+)' }], ['{ parse: "cut -f1" }', { from: 'parse', command: 'cut -f1' }], ['line', { from: 'line' }]] as const)
      assert.deepEqual(one(`${OK}        source: ${text}\n`).metrics[0]?.source, source);
  });

  it('of commands: names and timeouts', () => {
    const s = one(`${OK}    timeouts: { gate: 5s, measure: 1m }\n    build: { command: make, timeout: 90 }\n    gates: [pytest, { name: lint, command: ruff, timeout: 500ms }]\n    held_out: python held.py\n    budget: { evaluations: 7, time: 1.5h, usd: 2 }\n    optimizer: { name: annealing, heat: 2 }\n`);
    assert.deepEqual(s.gates, [{ name: 'gate 1', command: 'pytest', timeoutMs: 5000 }, { name: 'lint', command: 'ruff', timeoutMs: 500 }]);
    assert.deepEqual([s.build?.timeoutMs, s.measure?.timeoutMs, s.heldOut?.timeoutMs], [90_000, 60_000, 60_000]);
    assert.deepEqual(s.budget, { evaluations: 7, timeMs: 5_400_000, usd: 2 });
    assert.deepEqual(s.optimizer, { name: 'annealing', options: { heat: 2 } });
  });

  it('durations', () => {
    for (const [text, ms] of [[90, 90_000], ['90', 90_000], ['90s', 90_000], ['500ms', 500], ['10m', 600_000], ['2 min', 120_000], ['1.5h', 5_400_000], [' 3s ', 3000]] as const) assert.equal(milliseconds(text), ms);
    for (const text of ['', 's', '5 parsecs', '-5s', '1e3', '5mm']) assert.throws(() => milliseconds(text), UserError);
  });
});

describe('sigil.yaml: the schema that is shipped', () => {
  it('is in step with the code', () => {
    assert.equal(readFileSync(path.join(__dirname, '../../../schema/sigil.schema.json'), 'utf8'), schemaText(), 'npm run schema writes it');
  });

  it('stages take the metric, its source and how much worse is let through', () => {
    const cascade = (more: string): Spec['cascade'] => one(`${OK}${more}`).cascade;
    assert.equal(cascade(''), undefined);
    assert.deepEqual(cascade('    cascade:\n      - command: python b.py --small\n'), [{ name: 'cascade 1', command: 'python b.py --small', timeoutMs: 600_000, slack: 0.2, metric: one(OK).metrics[0] }]);
    assert.deepEqual(cascade('    cascade: [{ command: x, name: quick, slack: 0.5, timeout: 5s }]\n')?.map((s) => [s.name, s.slack, s.timeoutMs]), [['quick', 0.5, 5000]]);
    const called = one(`${HEAD}    call: { inputs: i.json }\n    metrics: [{ name: t, source: { call: cpu } }]\n    cascade: [{ command: x }]\n`);
    assert.deepEqual(called.cascade?.[0]?.metric.source, { from: 'timer', clock: 'wall' });
    assert.equal(one(`${OK}      - { name: hits, kind: count }\n    cascade: [{ command: x, metric: hits }]\n`).cascade?.[0]?.slack, 0);
  });
});
