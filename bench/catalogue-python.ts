// Gain of each Python rewrite on one small slow program: before and after in a fresh Python process each, in-process minimum of CPU times.
// node --import tsx bench/catalogue-python.ts [ID…]   (rewrites bench/results/catalogue-python.md when run without ids)

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { pythonRewrites } from '../src/adapters/mutators/catalogue/python/all.ts';
import type { Edit } from '../src/adapters/mutators/catalogue/rewrite.ts';
import { parse } from '../src/adapters/syntax/parser.ts';

interface Program {
  readonly code: string;
  /** An expression that makes the arguments of f: a tuple. */
  readonly input: string;
}

const programs: Readonly<Record<string, Program>> = {
  'py-membership-set': { code: 'def f(xs, ys):\n    n = 0\n    for x in xs:\n        if x in ys:\n            n += 1\n    return n\n', input: '(list(range(2000)), list(range(1000, 3000)))' },
  'py-seen-set': { code: 'def f(xs):\n    seen = []\n    for x in xs:\n        if x not in seen:\n            seen.append(x)\n    return seen\n', input: '([i * 7 % 1500 for i in range(3000)],)' },
  'py-count-index': { code: 'def f(xs):\n    return {x: xs.count(x) for x in xs}\n', input: '([i % 700 for i in range(1500)],)' },
  'py-index-map': { code: 'def f(users, orders):\n    out = []\n    for o in orders:\n        for u in users:\n            if u["id"] == o["user"]:\n                out.append(u["name"])\n                break\n    return out\n', input: '([{"id": i, "name": i} for i in range(600)], [{"user": i * 7 % 600} for i in range(600)])' },
  'py-growing-index': { code: 'def f(words):\n    counts = []\n    for w in words:\n        found = False\n        for entry in counts:\n            if entry[0] == w:\n                entry[1] += 1\n                found = True\n                break\n        if not found:\n            counts.append([w, 1])\n    return counts\n', input: '([i * 7 % 500 for i in range(3000)],)' },
  'py-memo-recursion': { code: 'def f(w, v, i, cap):\n    if i == len(w):\n        return 0\n    best = f(w, v, i + 1, cap)\n    if w[i] <= cap:\n        best = max(best, v[i] + f(w, v, i + 1, cap - w[i]))\n    return best\n', input: '([3, 5, 7, 4, 6, 2, 8, 5, 3, 6, 4, 7, 5, 2, 6], [i * 3 % 11 + 1 for i in range(15)], 0, 40)' },
  'py-memo-calls': { code: 'def steps(n):\n    s = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        s += 1\n    return s\n\ndef f(xs):\n    t = 0\n    for x in xs:\n        t += steps(x)\n    return t\n', input: '([i % 60 + 1 for i in range(2000)],)' },
  'py-hoist-invariant': { code: 'def f(xs):\n    out = []\n    for x in xs:\n        out.append((x - min(xs)) / (max(xs) - min(xs)))\n    return out\n', input: '(list(range(800)),)' },
  'py-prefix-sums': { code: 'def f(xs, k):\n    return [sum(xs[i:i + k]) for i in range(len(xs))]\n', input: '(list(range(2000)), 400)' },
  'py-prefix-max': { code: 'def f(h):\n    t = 0\n    for i in range(len(h)):\n        t += min(max(h[:i + 1]), max(h[i:])) - h[i]\n    return t\n', input: '([i * 37 % 101 for i in range(800)],)' },
  'py-deque': { code: 'def f(n):\n    queue = list(range(n))\n    t = 0\n    while queue:\n        x = queue.pop(0)\n        t += x\n        if x % 3 == 0 and x > 0:\n            queue.append(x - 1)\n    return t\n', input: '(60000,)' },
  'py-heap': { code: 'def f(xs):\n    q = list(xs)\n    cost = 0\n    while len(q) > 1:\n        a = min(q)\n        q.remove(a)\n        b = min(q)\n        q.remove(b)\n        cost += a + b\n        q.append(a + b)\n    return cost\n', input: '([i * 7919 % 10007 for i in range(1200)],)' },
  'py-insort': { code: 'def f(xs):\n    seen = []\n    out = []\n    for x in xs:\n        seen.append(x)\n        seen.sort()\n        out.append(seen[len(seen) // 2])\n    return out\n', input: '([i * 7919 % 10007 for i in range(2500)],)' },
  'py-select': { code: 'def f(xs, k):\n    return sorted(xs)[:k], sorted(xs)[0], sorted(xs)[-1]\n', input: '([i * 7919 % 100003 for i in range(50000)], 10)' },
  'py-list-append': { code: 'def f(n):\n    acc = []\n    for i in range(n):\n        acc = acc + [i]\n    return acc\n', input: '(4000,)' },
  'py-tuple-append': { code: 'def f(n):\n    acc = ()\n    for i in range(n):\n        acc = acc + (i,)\n    return acc\n', input: '(4000,)' },
  'py-string-join': { code: "def f(text):\n    out = ''\n    for c in text:\n        out = c + out\n    return out\n", input: '("abcdefghij" * 3000,)' },
  'py-front-insert': { code: 'def f(n):\n    out = []\n    for i in range(n):\n        out.insert(0, i)\n    return out\n', input: '(15000,)' },
  'py-slice-recursion': { code: 'def f(xs):\n    if not xs:\n        return 0\n    return xs[0] + f(xs[1:])\n', input: '(list(range(850)),)' },
  'py-divisor-search': { code: 'def f(n):\n    for d in range(2, n):\n        if n % d == 0:\n            return False\n    return True\n', input: '(100003,)' },
  'py-divisor-pairs': { code: 'def f(n):\n    out = []\n    for d in range(1, n + 1):\n        if n % d == 0:\n            out.append(d)\n    return out\n', input: '(100800,)' },
  'py-modular-power': { code: 'def f(a, b, m):\n    return a ** b % m\n', input: '(1234567, 30000, 1000003)' },
  'py-early-exit': { code: 'def f(xs, y):\n    found = False\n    for x in xs:\n        if x == y:\n            found = True\n    return found\n', input: '(list(range(50000)), 10000)' },
  'py-deepcopy': { code: 'import copy\ndef f(grid):\n    new = copy.deepcopy(grid)\n    for i in range(len(grid)):\n        new[i][0] = grid[i][1]\n    return new\n', input: '([[1, 2] * 20 for _ in range(60)],)' },
  'py-needless-copy': { code: 'def f(xs):\n    for x in list(xs):\n        if x > 10:\n            return x\n', input: '(list(range(100000)),)' },
  'py-lazy-argument': { code: 'def f(xs):\n    return any([x > 100 for x in xs])\n', input: '(list(range(30000)),)' },
  'py-hoist-row': { code: 'def f(a, b, n):\n    t = 0\n    for i in range(n):\n        for j in range(n):\n            t += a[i][j] * b[i][j]\n    return t\n', input: '([[i + j for j in range(200)] for i in range(200)], [[i - j for j in range(200)] for i in range(200)], 200)' },
  'py-hoist-attribute': { code: 'import math\ndef f(xs):\n    t = 0.0\n    for x in xs:\n        t += math.sqrt(x) + math.sin(x)\n    return t\n', input: '(list(range(30000)),)' },
  'py-comprehension': { code: 'def f(xs):\n    out = []\n    for x in xs:\n        if x % 2:\n            out.append(x * x)\n    return out\n', input: '(list(range(30000)),)' },
  'py-range-len': { code: 'def f(xs):\n    t = 0\n    for i in range(len(xs)):\n        if xs[i] > 3 and xs[i] % 2:\n            t += xs[i]\n    return t\n', input: '(list(range(30000)),)' },
  'py-builtin-sum': { code: 'def f(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n', input: '(list(range(50000)),)' },
  'py-builtin-max': { code: 'def f(xs):\n    best = xs[0]\n    for x in xs:\n        if x > best:\n            best = x\n    return best\n', input: '([i * 7919 % 100003 for i in range(50000)],)' },
  'py-dict-get': { code: 'def f(pairs):\n    d = {}\n    for k, v in pairs:\n        if k not in d:\n            d[k] = []\n        d[k].append(v)\n    return d\n', input: '([(i % 97, i) for i in range(30000)],)' },
  'py-cheaper-numbers': { code: 'def f(xs):\n    t = 0\n    for x in xs:\n        t += x ** 2 + int(x / 3)\n    return t\n', input: '(list(range(30000)),)' },
};

const timer = `
import json, sys, time
case = json.load(sys.stdin)
space = {}
exec(compile(case["code"], "program", "exec"), space)
times = []
result = None
until = time.perf_counter() + 1.5
while len(times) < 5 or (time.perf_counter() < until and len(times) < 40):
    args = eval(case["input"])
    t = time.process_time_ns()
    result = space["f"](*args)
    times.append(time.process_time_ns() - t)
print(json.dumps([min(times) / 1e6, repr(result)]))
`;

function measure(code: string, input: string): readonly [number, string] {
  const p = spawnSync('python3', ['-c', timer], { input: JSON.stringify({ code, input }), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (p.status !== 0) throw new Error(p.stderr);
  return JSON.parse(p.stdout) as [number, string];
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = text;
  for (const e of [...edits].sort((a, b) => b.start - a.start)) out = out.slice(0, e.start) + e.text + out.slice(e.end);
  return out;
}

/** The program after as many applications of the rewrite as it finds. */
async function rewritten(id: string, code: string): Promise<string> {
  const rewrite = pythonRewrites.find((r) => r.id === id);
  if (!rewrite) throw new Error(`no rewrite ${id}`);
  let now = code;
  for (let i = 0; i < 10; i++) {
    const tree = await parse('python', now);
    const [site] = rewrite.find({ text: now, root: tree.rootNode, language: 'python', pins: [{ start: 0, end: now.length }] });
    tree.delete();
    if (!site) break;
    now = applyEdits(now, site.edits);
  }
  if (now === code) throw new Error(`${id} finds nothing in its program`);
  return now;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const rows: string[] = [];
  for (const r of pythonRewrites) {
    if (wanted.length > 0 && !wanted.includes(r.id)) continue;
    const program = programs[r.id];
    if (!program) throw new Error(`no program for ${r.id}`);
    const after = await rewritten(r.id, program.code);
    const [was, result] = measure(program.code, program.input);
    const [is, same] = measure(after, program.input);
    const agree = result === same ? 'same' : 'differs';
    rows.push(`| ${r.id} | ${r.title} | ${was.toFixed(2)} | ${is.toFixed(3)} | ${(was / is).toFixed(2)}× | ${agree} |`);
    console.log(rows.at(-1));
  }
  if (wanted.length > 0) return;
  const python = spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout.trim();
  const page = [
    '# Python rewrites: gain on one small program each',
    '',
    '`node --import tsx bench/catalogue-python.ts`',
    '',
    `${python}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores. Milliseconds of CPU time of one call, the smallest of 5 to 40, each program in a process of its own.`,
    'The inputs are chosen so that the slow form takes some milliseconds: rewrites that change how cost grows gain more on larger inputs and less on smaller ones.',
    '',
    '| rewrite | what | before, ms | after, ms | gain | results |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...rows,
    '',
  ].join('\n');
  const file = join(__dirname, 'results', 'catalogue-python.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, page);
}

main().catch((e: unknown) => {
  console.error(e);
  process.exitCode = 1;
});
