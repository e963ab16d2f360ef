// Rewrites compose: any sequence of them on small programs ends, parses, and keeps what the program does.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { javascriptRewrites } from '../../../../src/adapters/mutators/catalogue/javascript/all.ts';
import { applySite, contextOf, loadParsers, outcomes } from './harness.ts';

const programs: readonly { readonly code: string; readonly inputs: readonly (readonly unknown[])[] }[] = [
  {
    code: `function main(users, orders, banned) {
  const report = [];
  orders.forEach((order) => {
    const user = users.find((u) => u.id === order.userId);
    if (!user) return;
    if (banned.includes(user.name.toLowerCase())) return;
    if (report.filter((r) => r.name === user.name).length === 0) {
      report.push({ name: user.name, total: 0, lines: [] });
    }
    const row = report.find((r) => r.name === user.name);
    row.total += Math.pow(order.amount, 2);
    row.lines = [...row.lines, JSON.parse(JSON.stringify(order))];
  });
  return report.map((r) => ({ ...r, share: r.total / report.reduce((s, x) => s + x.total, 0) })).filter((r) => r.total > 0);
}`,
    inputs: [[[{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }, { id: 3, name: 'Cy' }], [{ userId: 1, amount: 2 }, { userId: 2, amount: 3 }, { userId: 1, amount: 5 }, { userId: 9, amount: 1 }], ['bob']], [[], [], []]],
  },
  {
    code: `function main(grid) {
  const rows = grid.length;
  const seen = new Set();
  let best = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < grid[y].length; x++) {
      const queue = [[y, x]];
      let size = 0;
      let path = [];
      while (queue.length > 0) {
        const [cy, cx] = queue.shift();
        const key = \`\${cy},\${cx}\`;
        if (cy < 0 || cx < 0 || cy >= rows || cx >= grid[0].length) continue;
        if (seen.has(key) || grid[cy][cx] === 0) continue;
        seen.add(key);
        size++;
        path = [cx, ...path];
        queue.push([cy + 1, cx]);
        queue.push([cy - 1, cx]);
        queue.push([cy, cx + 1]);
      }
      best = Math.max(best, size + path.length);
    }
  }
  return best;
}`,
    inputs: [[[[1, 0, 1], [1, 1, 0], [0, 1, 1]]], [[[0]]]],
  },
  {
    code: `function main(words, text) {
  const stop = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  let rest = text;
  let out = [];
  while (rest.length > 0) {
    if (rest[0] === ' ') { rest = rest.slice(1); continue; }
    out = out.concat([rest[0].toUpperCase()]);
    rest = rest.slice(1);
  }
  const counts = words.reduce((acc, w) => ({ ...acc, [w]: (acc[w] || 0) + 1 }), {});
  let found = false;
  for (const w of words) {
    if (out.indexOf(w) !== -1) found = true;
  }
  const isPrime = (n) => {
    for (let i = 2; i < n; i++) if (n % i === 0) return false;
    return n > 1;
  };
  const ways = (i, j) => (i === 0 || j === 0 ? 1 : ways(i - 1, j) + ways(i, j - 1));
  const good = Object.keys(counts).map((k) => k.toLowerCase()).filter((k) => !stop.includes(k));
  return [out, counts, found, good, words.map((w) => isPrime(w.length)), ways(3, words.length % 5), [...words].sort((a, b) => b.length - a.length)[0]];
}`,
    inputs: [[['A', 'xyz', 'B', 'xyz'], 'a b zz'], [[], '']],
  },
  {
    code: `function main(n, xs) {
  const dp = Array.from({ length: n + 1 }, () => new Array(n + 1).fill(0));
  const sums = [];
  const sorted = [];
  for (let i = 1; i <= n; i++) {
    for (let j = 1; j <= n; j++) {
      dp[i][j] = Math.max(dp[i - 1][j], dp[i][j - 1]) + (i * j) % 3;
    }
    sums.push(xs.slice(0, i).reduce((a, b) => a + b, 0));
    sorted.push({ k: (i * 7) % 5, i });
    sorted.sort((a, b) => a.k - b.k);
  }
  const queue = [{ v: 3, d: 0 }];
  const order = [];
  while (queue.length) {
    queue.sort((a, b) => a.d - b.d);
    const cur = queue.shift();
    if (order.includes(cur.v) || order.length > n) continue;
    order.push(cur.v);
    for (const x of [...xs]) queue.push({ v: x, d: cur.d + (x % 3) });
  }
  let pairs = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      if (xs[i] === xs[j]) { pairs++; }
    }
  }
  return [dp[n][n], sums, sorted.map((s) => s.i), order, pairs];
}`,
    inputs: [[4, [5, 1, 5, 2]], [0, []]],
  },
];

describe('composition of JavaScript rewrites', () => {
  before(loadParsers);

  it('keeps results along any sequence of rewrites', () => {
    fc.assert(
      fc.property(fc.nat(programs.length - 1), fc.array(fc.tuple(fc.nat(javascriptRewrites.length - 1), fc.nat(4)), { minLength: 20, maxLength: 60 }), (p, steps) => {
        const { code, inputs } = programs[p]!;
        let at = code;
        const done: string[] = [];
        for (const [r, s] of steps) {
          const context = contextOf(at);
          const sites = javascriptRewrites[r]!.find(context);
          if (sites.length === 0) continue;
          at = applySite(context, sites[s % sites.length]!, javascriptRewrites[r]!.id);
          done.push(javascriptRewrites[r]!.id);
        }
        assert.deepEqual(outcomes(at, inputs), outcomes(code, inputs), `after ${done.join(', ')}:\n${at}`);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('ends: applying everything until nothing is left takes few steps', () => {
    for (const { code, inputs } of programs) {
      let at = code;
      let steps = 0;
      for (;;) {
        const context = contextOf(at);
        const rewrite = javascriptRewrites.find((r) => r.find(context).length > 0);
        const [site] = rewrite?.find(context) ?? [];
        if (!rewrite || !site) break;
        at = applySite(context, site, rewrite.id);
        assert.ok(++steps < 60, `no end:\n${at}`);
      }
      assert.ok(steps >= 3, `only ${steps} steps`);
      assert.deepEqual(outcomes(at, inputs), outcomes(code, inputs), at);
      assert.ok(at.length < code.length * 6);
    }
  });
});
