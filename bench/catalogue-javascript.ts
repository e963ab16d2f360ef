// What each JavaScript rewrite gains on one small slow program: `npx tsx bench/catalogue-javascript.ts [id…]`.
// Both versions run in this process, in turn; the ratio is of the least of k times. Prints a Markdown table and writes it to bench/results.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Language as Grammar, Parser } from 'web-tree-sitter';
import { javascriptRewrites } from '../src/adapters/mutators/catalogue/javascript/all.ts';
import type { Edit } from '../src/adapters/mutators/catalogue/rewrite.ts';

type Main = (input: unknown) => unknown;
interface Case { readonly what: string; readonly code: string; readonly input: () => unknown }

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** A fixed shuffle of 0 … n − 1. */
const mixed = (n: number): number[] => range(n).map((i) => (i * 7919 + 13) % n);

const cases: Readonly<Record<string, Case>> = {
  'memoize-recursion': { what: 'ways through a 12 × 12 grid, by recursion', input: () => 12, code: 'function main(n) { const go = (i, j) => (i === 0 || j === 0 ? 1 : go(i - 1, j) + go(i, j - 1)); return go(n - 1, n - 1); }' },
  'membership-to-set': { what: 'unique values of 3,000', input: () => mixed(3000), code: 'function main(xs) { const seen = []; for (const x of xs) { if (!seen.includes(x)) seen.push(x); } return seen.length; }' },
  'find-by-key-to-map': { what: '2,000 orders joined with 2,000 users', input: () => ({ users: mixed(2000).map((id) => ({ id, name: `u${id}` })), orders: range(2000).map((i) => ({ user: (i * 31) % 2000 })) }), code: 'function main({ users, orders }) { return orders.map((o) => users.find((u) => u.id === o.user).name); }' },
  'growing-list-by-key': { what: '4,000 rows into 1,000 groups', input: () => range(4000).map((i) => ({ k: `k${(i * 37) % 1000}`, v: i })), code: 'function main(rows) { const groups = []; for (const r of rows) { const g = groups.find((x) => x.key === r.k); if (g) { g.total += r.v; } else { groups.push({ key: r.k, total: r.v }); } } return groups; }' },
  'nested-scan-to-groups': { what: 'pairs of equal numbers in 2,000', input: () => range(2000).map((i) => (i * 37) % 700), code: 'function main(xs) { let n = 0; for (let i = 0; i < xs.length; i++) { for (let j = i + 1; j < xs.length; j++) { if (xs[i] === xs[j]) n++; } } return n; }' },
  'sorted-queue-to-heap': { what: 'shortest paths over a 40 × 40 grid', input: () => 40, code: 'function main(n) { const queue = [{ at: 0, cost: 0 }]; const best = new Map(); while (queue.length > 0) { queue.sort((a, b) => a.cost - b.cost); const { at, cost } = queue.shift(); if (best.has(at)) continue; best.set(at, cost); const x = at % n; if (x + 1 < n) queue.push({ at: at + 1, cost: cost + (at * 7) % 11 }); if (at + n < n * n) queue.push({ at: at + n, cost: cost + (at * 5) % 13 }); } return best.get(n * n - 1); }' },
  'push-sort-to-insertion': { what: 'running median of 2,000', input: () => mixed(2000), code: 'function main(xs) { const sorted = []; let sum = 0; for (const x of xs) { sorted.push(x); sorted.sort((a, b) => a - b); sum += sorted[sorted.length >> 1]; } return sum; }' },
  'sort-after-loop': { what: '1,000 values sorted after each', input: () => mixed(1000), code: 'function main(xs) { const out = []; for (const x of xs) { out.push(x); out.sort((a, b) => a - b); } return out; }' },
  'accumulate-in-place': { what: 'counts by key of 3,000 through { ...acc }', input: () => range(3000).map((i) => `k${(i * 13) % 500}`), code: 'function main(xs) { return xs.reduce((acc, x) => ({ ...acc, [x]: (acc[x] || 0) + 1 }), {}); }' },
  'hoist-invariant': { what: 'shares of a total over 1,500', input: () => range(1500).map((v) => ({ v: v + 1 })), code: 'function main(rows) { return rows.map((r) => r.v / rows.reduce((s, x) => s + x.v, 0)); }' },
  'sums-to-prefix': { what: 'moving sums of 400 over 5,000', input: () => mixed(5000), code: 'function main(xs) { const out = []; for (let i = 0; i + 400 <= xs.length; i++) { let s = 0; for (let j = i; j < i + 400; j++) s += xs[j]; out.push(s); } return out; }' },
  'divisor-bound': { what: 'primes below 6,000', input: () => 6000, code: 'function main(m) { const isPrime = (n) => { for (let i = 2; i < n; i++) { if (n % i === 0) return false; } return n > 1; }; let c = 0; for (let k = 0; k < m; k++) { if (isPrime(k)) c++; } return c; }' },
  'slice-to-position': { what: 'a list of 4,000 cut from the front', input: () => range(4000), code: 'function main(xs) { let rest = xs; let s = 0; while (rest.length > 0) { s += rest[0]; rest = rest.slice(1); } return s; }' },
  'shift-to-head': { what: 'a queue of 120,000 emptied', input: () => range(120_000), code: 'function main(xs) { const q = [...xs]; let s = 0; while (q.length > 0) { const x = q.shift(); s += x; } return s; }' },
  'unshift-to-push': { what: '20,000 values prepended', input: () => range(20_000), code: 'function main(xs) { const out = []; for (const x of xs) { out.unshift(x); } return out; }' },
  'sort-to-scan': { what: 'the least of 20,000 rows', input: () => mixed(20_000).map((k) => ({ k })), code: 'function main(xs) { return [...xs].sort((a, b) => a.k - b.k)[0]; }' },
  'ask-for-less': { what: 'is there one above 10 among 50,000', input: () => range(50_000), code: 'function main(xs) { return xs.filter((x) => x > 10).length > 0; }' },
  'exit-early': { what: 'a match in the first half of 50,000', input: () => range(50_000), code: 'function main(xs) { let found = false; for (const x of xs) { if (x === 5000) { found = true; } } return found; }' },
  'hoist-formatter': { what: '500 prices formatted', input: () => range(500), code: "function main(xs) { return xs.map((x) => x.toLocaleString('en-US', { style: 'currency', currency: 'USD' })); }" },
  'json-copy-to-copy': { what: '500 small records copied', input: () => range(500).map((i) => ({ i, tags: ['a', 'b'], pos: { x: i, y: 2 } })), code: 'function main(xs) { const out = []; for (const x of xs) { out.push(JSON.parse(JSON.stringify(x))); } return out; }' },
  'string-key-to-number': { what: 'flood fill of 150 × 150', input: () => 150, code: 'function main(n) { const seen = new Set(); const stack = [[0, 0]]; while (stack.length) { const [y, x] = stack.pop(); if (y < 0 || x < 0 || y >= n || x >= n || seen.has(`${y},${x}`)) continue; seen.add(`${y},${x}`); stack.push([y + 1, x], [y - 1, x], [y, x + 1], [y, x - 1]); } return seen.size; }' },
  'typed-array': { what: 'sieve up to 200,000', input: () => 200_000, code: 'function main(n) { const prime = new Array(n + 1).fill(true); for (let i = 2; i * i <= n; i++) { if (prime[i]) { for (let j = i * i; j <= n; j += i) prime[j] = false; } } let c = 0; for (let i = 2; i <= n; i++) { if (prime[i]) c++; } return c; }' },
  'fuse-chain': { what: 'filter, map, reduce over 50,000', input: () => range(50_000), code: 'function main(xs) { const total = xs.map((x) => x * 2).filter((x) => x % 3 === 0).map((x) => x + 1).reduce((s, x) => s + x, 0); return total; }' },
  'for-each-to-for': { what: 'a sum over 100,000', input: () => range(100_000), code: 'function main(xs) { let s = 0; xs.forEach((x, i) => { if (x & 1) return; s += x * i; }); return s; }' },
  'drop-needless-copy': { what: 'a loop over a copy of 50,000', input: () => range(50_000).join(','), code: 'function main(s) { const xs = s.split(""); let n = 0; for (let k = 0; k < 5; k++) { n += xs.slice().indexOf("7") + [...xs].length; } return n; }' },
  'hoist-row': { what: 'product of 90 × 90 matrices', input: () => range(90).map((i) => range(90).map((j) => i + j)), code: 'function main(a) { const n = a.length; const c = range(n); function range(k) { return Array.from({ length: k }, () => new Array(k).fill(0)); } for (let i = 0; i < n; i++) { for (let k = 0; k < n; k++) { for (let j = 0; j < n; j++) { c[i][j] += a[i][k] * a[k][j]; } } } return c; }' },
  'numeric-forms': { what: '100,000 truncations through text', input: () => range(100_000), code: 'function main(xs) { let s = 0; for (let i = 0; i < xs.length; i++) { s += parseInt(i / 3) + Math.pow(i, 2); } return s; }' },
};

function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}

const compile = (code: string): Main => new Function(`${code}\nreturn main;`)() as Main; // eslint-disable-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call

/** The least time of a call, in ms, of both, measured in turn. */
function measure(a: Main, b: Main, input: unknown): readonly [number, number] {
  const least = [Infinity, Infinity];
  const begin = performance.now();
  for (let k = 0; k < 60 && (k < 5 || performance.now() - begin < 1500); k++) {
    [a, b].forEach((f, i) => {
      const t = performance.now();
      f(input);
      least[i] = Math.min(least[i] ?? Infinity, performance.now() - t);
    });
  }
  return [least[0] ?? NaN, least[1] ?? NaN];
}

async function main(): Promise<void> {
  const dist = join(__dirname, '..', 'dist', 'grammars');
  await Parser.init({ locateFile: () => join(dist, 'web-tree-sitter.wasm') });
  const parser = new Parser();
  parser.setLanguage(await Grammar.load(join(dist, 'tree-sitter-javascript.wasm')));
  const only = process.argv.slice(2);
  const lines = ['| rewrite | program | before | after | gain |', '| --- | --- | ---: | ---: | ---: |'];
  for (const rewrite of javascriptRewrites) {
    if (only.length > 0 && !only.includes(rewrite.id)) continue;
    const c = cases[rewrite.id];
    if (!c) throw new Error(`no program for ${rewrite.id}`);
    let code = c.code;
    let steps = 0;
    for (; steps < 10; steps++) {
      const tree = parser.parse(code);
      if (!tree) throw new Error('not parsed');
      const [site] = rewrite.find({ text: code, root: tree.rootNode, language: 'javascript', pins: [{ start: 0, end: code.length }] });
      if (!site) break;
      code = applyEdits(code, site.edits);
    }
    if (steps === 0) throw new Error(`${rewrite.id} does not apply to its program`);
    const [before, after] = [compile(c.code), compile(code)];
    const input = c.input();
    if (!isDeepStrictEqual(before(input), after(input))) throw new Error(`${rewrite.id} changes the result:\n${code}`);
    const [x, y] = measure(before, after, input);
    lines.push(`| ${rewrite.id} | ${c.what} | ${x.toFixed(3)} ms | ${y.toFixed(3)} ms | ${(x / y).toFixed(2)}× |`);
    console.log(lines[lines.length - 1]);
  }
  if (only.length > 0) return;
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}`;
  const head = ['# Gains of the JavaScript rewrites', '', 'Each rewrite alone on one small slow program; least of up to 60 calls in one process, both versions in turn, same results checked.', 'The programs are made to show the rewrite: these are not gains to expect of arbitrary code.', '', `Machine: ${machine}. Command: \`npx tsx bench/catalogue-javascript.ts\`.`, ''];
  mkdirSync(join(__dirname, 'results'), { recursive: true });
  writeFileSync(join(__dirname, 'results', 'catalogue-javascript.md'), `${[...head, ...lines].join('\n')}\n`);
}

void main();
