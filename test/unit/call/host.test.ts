import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAnswer } from '../../../src/adapters/call/answer.ts';
import { baselineProblem, callKind, claimedMs, passMs, planCall, type CallTarget } from '../../../src/adapters/call/call-eval.ts';
import { exposing, formatOf, hasModuleSyntax, strip } from '../../../src/adapters/call/hooks.ts';
import { jsonErrorLine } from '../../../src/adapters/call/js-inputs.ts';
import { nodeIsNewEnough } from '../../../src/adapters/call/node-path.ts';
import { onlyWhenRepeated } from '../../../src/adapters/call/plausible.ts';
import { splitInputs, verifySample } from '../../../src/adapters/call/split.ts';
import type { Request, TimeAnswer } from '../../../src/adapters/call/protocol.ts';
import { seededRng } from '../../../src/core/rng.ts';

const TIME: TimeAnswer = { mode: 'time', loops: 4, cold: { cpuNs: 9, wallNs: 9 }, passes: [{ cpuNs: 3e6, wallNs: 5e6 }, { cpuNs: 2e6, wallNs: 6e6 }, { cpuNs: 4e6, wallNs: 4e6 }], verify: [] };
const target: CallTarget = { kind: 'python', interpreter: '/py', runner: '/r.py', file: 'm.py', symbol: 'f', inputs: { file: 'in.json' }, seed: 3 };

describe('call eval, the engine\'s side', () => {
  it('splits inputs into shares that cover all, spread evenly, the same for a seed', () => {
    fc.assert(fc.property(fc.nat(300), fc.double({ min: 0, max: 0.9, noNaN: true }), fc.integer(), (count, share, seed) => {
      const { search, heldOut } = splitInputs(count, share, seed);
      assert.deepEqual([...search, ...heldOut].sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
      assert.deepEqual(splitInputs(count, share, seed), { search, heldOut });
      if (count >= 4 && share > 0) assert.ok(heldOut.length >= 1 && search.length >= 1);
      else assert.equal(heldOut.length, 0);
      heldOut.forEach((h, k) => { assert.equal(Math.floor(((h + 1) * heldOut.length - 1) / count), k); });
    }));
    assert.equal(splitInputs(20, 0.25, 1).heldOut.length, 5);
    assert.notDeepEqual(splitInputs(100, 0.2, 1), splitInputs(100, 0.2, 2));
    assert.equal(verifySample([5, 9, 2, 7], 2, seededRng(1)).length, 2);
  });

  it('plans a process whose request and answer only it and the engine know', () => {
    const place = { root: '/work', folder: { host: '/tmp/h', inner: '/private/' } };
    const plan = planCall(target, { mode: 'time', indices: [1], loops: 4, passes: 3, warmupMs: 1, mutates: true, verify: [1] }, place);
    assert.deepEqual(plan.argv.slice(0, 3), ['/py', '-B', '/r.py']);
    assert.match(plan.argv[3] ?? '', /^\/private\/q-[0-9a-f]{12}$/);
    assert.match(plan.answerPath, /^\/tmp\/h\/a-/);
    const request = JSON.parse(plan.files.get((plan.argv[3] ?? '').replace('/private', '/tmp/h')) ?? '') as Request;
    assert.deepEqual([request.mode, request.root, request.indices, request.time.loops, request.time.mutates, request.answer.replace('/private', '/tmp/h')], ['time', '/work', [1], 4, true, plan.answerPath]);
    assert.equal(plan.files.get(plan.answerPath), '');
    assert.notEqual(request.nonce, (JSON.parse([...planCall(target, { mode: 'results', indices: null }, place).files.values()][0] ?? '') as Request).nonce);
    const parsed = plan.parse(JSON.stringify({ v: 1, nonce: request.nonce, ...TIME }));
    assert.ok(parsed.ok);
    assert.deepEqual([passMs(parsed.answer, 'cpu'), passMs(parsed.answer, 'wall'), claimedMs(parsed.answer)], [2, 4, 60]);
  });

  it('believes no answer without the nonce, and says what else went wrong', () => {
    const outcome = (text: string | null) => { const p = parseAnswer(text, 'N', 'time'); return p.ok ? 'ok' : `${p.outcome} ${p.stage}`; };
    assert.equal(outcome(JSON.stringify({ v: 1, nonce: 'N', ...TIME })), 'ok');
    assert.equal(outcome(JSON.stringify({ v: 1, nonce: 'M', ...TIME })), 'suspicious answer');
    assert.equal(outcome(JSON.stringify(TIME)), 'suspicious answer');
    assert.equal(outcome('[1]'), 'suspicious answer');
    assert.equal(outcome('null'), 'suspicious answer');
    assert.equal(outcome('nonsense'), 'suspicious answer');
    assert.equal(outcome('{"v":1,"nonce":"N","mode":"ti'), 'crashed answer');
    assert.equal(outcome(null), 'suspicious answer');
    assert.equal(outcome(''), 'infra-error start');
    assert.equal(outcome('{"stage":"load"}'), 'crashed load');
    assert.equal(outcome('{"stage":"call"}'), 'crashed call');
    assert.equal(outcome(JSON.stringify({ nonce: 'N', ...TIME, passes: TIME.passes.slice(1) })), 'suspicious answer');
    assert.equal(outcome(JSON.stringify({ nonce: 'N', ...TIME, passes: [...TIME.passes, { cpuNs: -1, wallNs: 1 }] })), 'suspicious answer');
    assert.equal(outcome('{"nonce":"N","mode":"calibrate","inputs":1,"loops":1,"mutates":false,"pass":{"cpuNs":1,"wallNs":1}}'), 'suspicious answer');
    const failed = { nonce: 'N', mode: 'failed', stage: 'load', message: 'm', remedy: 'r', detail: 'd' };
    assert.equal(outcome(JSON.stringify({ ...failed, blame: 'eval' })), 'infra-error load');
    assert.equal(outcome(JSON.stringify({ ...failed, blame: 'candidate' })), 'crashed load');
  });

  it('knows gains that rest on repeated inputs', () => {
    assert.match(onlyWhenRepeated({ coldNs: 10e6, warmNs: 9e6 }, { coldNs: 10e6, warmNs: 1e4 }) ?? '', /^the gain of 900\.0× shows only when the same inputs come again \(1\.00×/);
    assert.equal(onlyWhenRepeated({ coldNs: 10e6, warmNs: 9e6 }, { coldNs: 1e6, warmNs: 0.9e6 }), null);
    assert.equal(onlyWhenRepeated({ coldNs: 10e6, warmNs: 3e6 }, { coldNs: 9e6, warmNs: 1e6 }), null, 'compilers warm up');
    assert.equal(onlyWhenRepeated({ coldNs: 1e5, warmNs: 1e4 }, { coldNs: 1e5, warmNs: 1e2 }), null, 'too short to say');
  });

  it('names a baseline that cannot be compared', () => {
    const answer = (value: number) => ({ mode: 'results' as const, inputs: 1, generatedByCandidate: false, results: [{ index: 0, ok: true as const, value, input: 'h', mutated: null }] });
    const options = { relative: 0, absolute: 0, ordered: true };
    assert.equal(baselineProblem(answer(1), answer(1), options), null);
    assert.match(baselineProblem(answer(1), answer(2), options)?.reason ?? '', /other results the second time/);
    assert.deepEqual([callKind('python'), callKind('tsx'), callKind('rust'), callKind(null)], ['python', 'javascript', null, null]);
  });

  it('finds the line where JSON breaks', () => {
    for (const [text, line] of [['[1,\n2\n,,3]', 3], ['{"a":\n\n}', 3], ['[1]\n[2]', 2], ['["a\nb"]', 1], ['[1,\n  tru]', 2], ['[1,2,\n\n]', 3], ['{"a" 1}', 1], ['{\n"a": 1,\n}', 3], ['[', 1], ["['a']", 1]] as const) {
      assert.throws(() => { JSON.parse(text); });
      assert.equal(jsonErrorLine(text), line, text);
    }
  });

  it('decides a module\'s format by extension, syntax and package', () => {
    for (const [text, extension, expected] of [
      ['import a from "a";', '.js', true], ['export const x = 1;', '.ts', true], ['import type { T } from "t"; const x: T = 1;', '.ts', true], ['const a = import("a"); x.export = 1; ({ import: 1 });', '.js', false],
      ['// import a from "a"\nconst s = "export x";', '.js', false], ['import a = require("a"); export = a;', '.ts', false], ['import.meta.url;', '.js', true], ['export const v = <b>x</b>;', '.tsx', true],
      ['import a, { b } from "a";', '.js', true], ['import "a";', '.js', true], ['const = export', '.js', null],
    ] as const) assert.equal(hasModuleSyntax(text, extension), expected, text);
    assert.equal(formatOf('/nowhere/a.mts', ''), 'module');
    assert.equal(formatOf('/nowhere/a.cjs', 'export {}'), 'commonjs');
    assert.equal(strip('/nowhere/a.ts', 'const x: number = 1;\nclass A { constructor(readonly y: string) {} }\n', 'commonjs').split('\n').length, 3);
    assert.match(exposing(0, ['f', 'default', 'a-b']), /\(0,\[typeof f==='undefined'\?undefined:f,undefined,undefined\]\)/);
  });

  it('knows which Nodes have module hooks', () => {
    assert.deepEqual(['v20.20.2', '22.14.0', '22.15.0', '23.4.0', '23.5.0', 'v24.0.0'].map(nodeIsNewEnough), [false, false, true, false, true, true]);
  });
});
