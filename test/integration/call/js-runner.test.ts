import assert from 'node:assert/strict';
import { calibrate, cleanUp, failure, project, results, target, time } from './run-call.ts';

async function valueOf(source: string, inputs = '[[]]', symbol = 'f', file = 'm.js') {
  const root = project({ [file]: source, 'in.json': inputs });
  return (await results(root, await target(file, symbol, { file: 'in.json' }))).results;
}

const values = (all: Awaited<ReturnType<typeof valueOf>>) => all.map((r) => (r.ok ? r.value : `${r.type}: ${r.message}`));

describe('call eval, JavaScript and TypeScript', function () {
  this.timeout(60_000);
  after(cleanUp);

  it('encodes the values of the language', async () => {
    const [r] = await valueOf(`
class P { constructor() { this.x = 1; } get y() { return 2; } }
class H { #x = 1; }
exports.f = function () {
  const loop = []; loop.push(loop);
  return [null, undefined, true, 1, -0, NaN, -Infinity, 1e21, 'é\\ud800', 12345678901234567890n, Symbol('s'), new Date(0), /a"b/g, new Error('no'), [1, , 3], { a: 1, __proto__: null },
    new Map([[{ k: 1 }, 2]]), new Set([3]), new Float32Array([1.5]), new BigInt64Array([4n]), Buffer.from([0, 255]), new ArrayBuffer(1), new P(), new H(), loop,
    () => 1, new WeakMap(), [7].values(), { get bad() { throw 1; } }];
};`, '[[]]', 'exports.f');
    assert.deepEqual(r?.ok && r.value, ['seq', 'Array', [
      null, ['undef'], true, 1, ['num', '-0'], ['num', 'NaN'], ['num', '-Infinity'], 1e21, 'é\ud800', ['bigint', '12345678901234567890'], ['val', 'symbol', 'Symbol(s)'], ['val', 'Date', '0'],
      ['val', 'RegExp', '/a"b/g'], ['err', 'Error', 'no'], ['seq', 'Array', [1, ['hole'], 3]], ['obj', 'Object', ['a', 1]], ['map', 'Map', [['obj', 'Object', ['k', 1]], 2]], ['set', 'Set', [3]],
      ['seq', 'Float32Array', [1.5]], ['seq', 'BigInt64Array', [['bigint', '4']]], ['bytes', 'Buffer', 'AP8='], ['bytes', 'ArrayBuffer', 'AA=='], ['obj', 'P', ['x', 1]], ['opaque', 'H'],
      ['seq', 'Array', [['ref', 9]]], ['opaque', 'function'], ['opaque', 'WeakMap'], ['iter', 'iterator', [7]], ['obj', 'Object', ['bad', ['opaque', 'a getter that throws']]],
    ]]);
  });

  it('loads CommonJS, modules, TypeScript and TSX, exported or not, with the imports that such projects write', async () => {
    const root = project({
      'package.json': '{"name":"p"}',
      'cjs.js': 'const { k } = require("./lib/k");\nfunction f(x) { return x + k; }\n',
      'esm.js': 'import { k } from "./lib/k.js";\nimport data from "./data.json";\nconst f = (x) => x + k + data.n;\n',
      'top.ts': 'import type { T } from "./types";\nimport { E, twice } from "./util";\nimport { other } from "./other.js";\nexport default function f(x: T): number { return twice(x as number) + E.B + other!; }\n',
      'types.ts': 'export interface T { x: number }\n', 'util/index.ts': 'export enum E { A = 1, B = 10 }\nexport const twice = <N extends number>(n: N): number => n * 2;\n', 'other.ts': 'export const other: number | undefined = 100;\n',
      'view.tsx': '/** @jsxRuntime classic */\nconst React = { createElement: (t: string, p: object | null, ...c: unknown[]) => ({ t, c }) };\nexport const f = (x: number) => <b>{x}</b>;\n',
      'common.ts': 'import path = require("path");\nfunction f(x: number): string { return path.join("a", String(x)); }\nexport = { f };\n',
      'mixed.ts': 'import { k } from "./lib/k";\nexport const f = (x: number): number => x + k + (require("./lib/k") as { k: number }).k + (__dirname.length > 0 ? 1 : 0);\n',
      'anon.mjs': 'export default (x) => x * 9;\n',
      'lib/k.js': 'exports.k = 1000;\n', 'data.json': '{"n": 10000}', 'in.json': '[[3]]',
    });
    const value = async (file: string, symbol = 'f') => values((await results(root, await target(file, symbol, { file: 'in.json' }))).results)[0];
    assert.equal(await value('cjs.js'), 1003);
    assert.equal(await value('esm.js'), 11003);
    assert.equal(await value('top.ts'), 116);
    assert.deepEqual(await value('view.tsx'), ['obj', 'Object', ['t', 'b', 'c', ['seq', 'Array', [3]]]]);
    assert.equal(await value('common.ts'), 'a/3');
    assert.equal(await value('mixed.ts'), 2004);
    assert.equal(await value('anon.mjs', 'default'), 27);
  });

  it('finds what the aliases of tsconfig.json name, before packages, with extends, references and comments', async () => {
    const root = project({
      'package.json': '{"name":"p","type":"module"}', 'in.json': '[[3]]',
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"], "@lib/*": ["./nowhere/*", "./src/lib/*"], "exactly": ["./src/exactly.ts"], "@/deep/*": ["./src/elsewhere/*"], }, /* a */ } }',
      'tsconfig.json': '// a comment\n{ "extends": "./tsconfig.base", "compilerOptions": { "strict": true, }, }',
      'src/main.ts': 'import { one } from "@/one";\nimport { two } from "@lib/two.js";\nimport three from "exactly";\nimport { four } from "@/deep/four";\nimport { join } from "path";\nimport type { T } from "@/types";\nexport const f = (x: T): string => join(String(x), String(one), String(two), String(three), String(four));\n',
      'src/one/index.ts': 'export const one = 1;\n', 'src/lib/two.ts': 'export const two: number = 2;\n', 'src/exactly.ts': 'export default 3;\n', 'src/elsewhere/four.tsx': 'export const four = 4;\n', 'src/types.d.ts': 'export type T = number;\n',
      'node_modules/exactly/index.js': 'module.exports = "the package";\n', 'src/path.ts': 'throw new Error("a builtin is no alias");\n',
      // A solution file, as templates have it, and imports from a base.
      'app/tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'app/tsconfig.app.json': '{ "compilerOptions": { "baseUrl": "./code", "paths": { "~*": ["lib/*"], "gone/*": ["nowhere/*"] } } }',
      'app/code/main.ts': 'import { five } from "~five";\nimport { six } from "shared/six";\nimport { seven } from "seven";\nconst later = require("~five") as { five: number };\nexport const g = (x: number): number[] => [x, five, six, seven, later.five];\n',
      'app/code/lib/five.ts': 'export const five = 5;\n', 'app/code/shared/six.ts': 'export const six = 6;\n', 'app/code/seven.ts': 'export const seven = "the base";\n', 'node_modules/seven/index.js': 'exports.seven = 7;\n',
      'app/code/lost.ts': 'import { x } from "gone/x";\nexport const h = (): number => x;\n',
    });
    const value = async (file: string, symbol: string) => values((await results(root, await target(file, symbol, { file: 'in.json' }))).results)[0];
    assert.equal(await value('src/main.ts', 'f'), '3/1/2/3/4');
    assert.deepEqual(await value('app/code/main.ts', 'g'), ['seq', 'Array', [3, 5, 6, 7, 5]]);
    const lost = await failure(root, await target('app/code/lost.ts', 'h', { file: 'in.json' }));
    assert.match(lost.reason, /gone/);
  });

  it('calls methods of all kinds, with receivers from JSON and from a generator', async () => {
    const source = `
class A { constructor(n) { this.n = n; } add(x) { this.n += x; return this.n; } static add(x) { return 'static' + x; } get p() { return this.n * 2; } static make(x) { return new this(x); } }
const api = { k: 5, g(x) { return this.k + x; } };
function who() { return this === undefined ? 0 : this.k; }
module.exports.make = async function* make(seed) { yield { args: [seed], this: new A(10) }; };`;
    const one = async (symbol: string, inputs: string) => values(await valueOf(source, inputs, symbol))[0];
    assert.equal(await one('A.add', '[{"args": [2], "this": {"n": 1}}]'), 3);
    assert.equal(await one('A.prototype.add', '[{"args": [2], "this": {"n": 1}}]'), 3);
    assert.equal(await one('A.add', '[[2]]'), 'static2');
    assert.deepEqual(await one('A.make', '[[2]]'), ['obj', 'A', ['n', 2]]);
    assert.equal(await one('A.p', '[{"this": {"n": 4}}]'), 8);
    assert.equal(await one('api.g', '[[1]]'), 6);
    assert.equal(await one('who', '[{"this": {"k": 4}}]'), 4);
    const root = project({ 'm.js': source });
    const answer = await results(root, await target('m.js', 'A.add', { generator: 'm.js:module.exports.make' }, 7));
    assert.equal(answer.generatedByCandidate, true);
    assert.deepEqual(answer.results.map((r) => r.ok && [r.value, r.mutated]), [[17, ['seq', 'Array', [['seq', 'Array', [7]], ['seq', 'Array', [['obj', 'A', ['n', 17]]]]]]]]);
  });

  it('runs a generator of another file before the candidate is loaded', async () => {
    const root = project({ 'gen.ts': 'let n: number = (globalThis as any).loaded ?? 0;\nfunction inputs(seed: number) { return [[seed + n], [new Map([[1, 2]])]]; }\n', 'm.ts': '(globalThis as any).loaded = 1;\nexport function f(x: unknown) { return x; }\n' });
    const answer = await results(root, await target('m.ts', 'f', { generator: 'gen.ts:inputs' }, 4));
    assert.equal(answer.generatedByCandidate, false);
    assert.deepEqual(values(answer.results), [4, ['map', 'Map', [1, 2]]]);
  });

  it('awaits promises and drains generators inside the timed region', async () => {
    assert.deepEqual(values(await valueOf('const f = async () => { await null; return 4; };')), [4]);
    assert.deepEqual(values(await valueOf('async function* f() { yield 1; yield 2; }')), [['iter', 'iterator', [1, 2]]]);
    assert.deepEqual(values(await valueOf('async function f() { throw new RangeError("late"); }')), ['RangeError: late']);
    const root = project({ 'm.js': 'function* f(n) { for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < 2e5; j++) s += Math.sqrt(j ^ i); yield s; } }', 'in.json': '[[20]]' });
    const t = await time(root, await target('m.js', 'f', { file: 'in.json' }), { verify: [0] });
    assert.ok(t.passes.every((p) => p.cpuNs > 200_000), 'the work of the body is in the time');
    assert.equal(t.verify.length, 1);
  });

  it('gives the same random numbers each time', async () => {
    const source = 'const { random } = Math;\nfunction f() { return [Math.random(), random()]; }\n';
    assert.deepEqual(await valueOf(source, '[[],[]]'), await valueOf(source, '[[],[]]'));
  });

  it('calibrates loops, sees changed arguments and gives fresh copies', async () => {
    const root = project({ 'm.ts': 'export function f(x: number[]) { x.sort(); x.push(x.length); return x.length; }\nexport function g(x: number[]) { return x.toSorted(); }\n', 'in.json': '[[[3, 1, 2]]]' });
    const f = await calibrate(root, await target('m.ts', 'f', { file: 'in.json' }));
    const g = await calibrate(root, await target('m.ts', 'g', { file: 'in.json' }));
    assert.deepEqual([f.mutates, g.mutates, f.inputs], [true, false, 1]);
    assert.ok(g.loops > 100 && g.pass.cpuNs * g.loops >= 5e6);
    const t = await time(root, await target('m.ts', 'f', { file: 'in.json' }), { mutates: true, loops: 50, verify: [0] });
    assert.deepEqual(t.verify, [{ index: 0, ok: true, value: 4 }]);
  });

  it('tells what runs the code and what the inputs look like', async () => {
    const root = project({
      'm.ts': 'export function f(...all: unknown[]) { return all.length; }\n',
      'gen.js': 'function make() { return [[["a", "b"], 3, new Map([["k", [1]]]), null, { a: 1 }], [["c"], 5.5, new Map(), "x", {}], [[], 4, new Map(), new Uint8Array(2), { b: [] }, 7n]]; }\nmodule.exports = { make };\n',
    });
    const { runtime, arguments: shapes } = await calibrate(root, await target('m.ts', 'f', { generator: 'gen.js:make' }));
    assert.match(runtime, /^Node \d+\.\d+\.\d+$/);
    assert.deepEqual(shapes, [
      { name: '', types: ['Array'], of: ['string'], size: [0, 2] }, { name: '', types: ['number'], range: [3, 5.5] }, { name: '', types: ['Map'], of: ['Array'], size: [0, 1] },
      { name: '', types: ['Uint8Array', 'null', 'string'] }, { name: '', types: ['Object'], of: ['Array', 'number'], size: [0, 1] }, { name: '', types: ['bigint'] },
    ]);
  });

  it('says in words what is wrong with inputs and functions', async () => {
    const root = project({
      'gone.js': 'require("./nothing");\n', 'ok.js': 'function f(x) { function g() {} return x; }\nclass C { #p() {} m() {} }\nconst K = 3;\n', 'syntax.ts': 'function f(: {\n', 'boom.mjs': 'export function f() {}\nthrow new Error("at load");\n',
      'bad.json': '[[1],\n[2,,3]]', 'bad.jsonl': '[1]\n\n{oops\n', 'shape.json': '[{"x": 1}]', 'one.json': '[[1]]', 'kw.json': '[{"args": [], "kwargs": {}}]',
      'gen.js': 'function boom() { throw new TypeError("k"); }\nfunction it() { return [[[1].values()]]; }\nfunction no() { return 5; }\n', 'never.js': 'function f() { return new Promise(() => {}); }\n',
    });
    const why = async (file: string, symbol: string, inputs: Parameters<typeof target>[2]) => { const f = await failure(root, await target(file, symbol, inputs)); return `${f.outcome}: ${f.reason} | ${f.remedy} | ${f.output}`; };
    const one = { file: 'one.json' };
    assert.match(await why('gone.js', 'f', one), /^crashed: gone.js fails to load: Error: Cannot find module '.\/nothing'/);
    assert.match(await why('syntax.ts', 'f', one), /^crashed: syntax.ts fails to load: SyntaxError: .*\(1:1\d\)/);
    assert.match(await why('boom.mjs', 'f', one), /^crashed: boom.mjs fails to load: Error: at load.*boom\.mjs:2/s);
    assert.match(await why('ok.js', 'nope', one), /^crashed: ok.js has no nope that can be called/);
    assert.match(await why('ok.js', 'f.g', one), /g in ok.js is no static method or method of f, or it is nested/);
    assert.match(await why('ok.js', 'C.#p', one), /private/);
    assert.match(await why('ok.js', 'C.m', one), /^infra-error: C.m is a method, but the inputs give no receiver/);
    assert.match(await why('ok.js', 'K', one), /ok.js has no K that can be called/);
    assert.match(await why('ok.js', 'f', { file: 'none.json' }), /^infra-error: The inputs file none.json does not exist/);
    assert.match(await why('ok.js', 'f', { file: 'bad.json' }), /^infra-error: bad.json:2 is not JSON/);
    assert.match(await why('ok.js', 'f', { file: 'bad.jsonl' }), /^infra-error: bad.jsonl:3 is not JSON/);
    assert.match(await why('ok.js', 'f', { file: 'shape.json' }), /^infra-error: Input 0 of shape.json is not an array of arguments/);
    assert.match(await why('ok.js', 'f', { file: 'kw.json' }), /keyword arguments/);
    assert.match(await why('ok.js', 'f', { generator: 'gen.js:none' }), /^infra-error: gen.js has no none/);
    assert.match(await why('ok.js', 'f', { generator: 'gen.js:boom' }), /^infra-error: The input generator gen.js:boom failed: TypeError: k.*gen\.js:1/s);
    assert.match(await why('ok.js', 'f', { generator: 'gen.js:no' }), /^infra-error: The input generator gen.js:no failed/);
    assert.match(await why('ok.js', 'f', { generator: 'gen.js:it' }), /^infra-error: Input 0 cannot be copied/);
    assert.match(await why('never.js', 'f', one), /^crashed: The function waits for something that never comes/);
  });
});
