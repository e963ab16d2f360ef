// Each rewrite where it applies (same results afterwards) and where it must not.

import assert from 'node:assert/strict';
import { accumulateInPlace } from '../../../../src/adapters/mutators/catalogue/javascript/accumulate.ts';
import { dropNeedlessCopy, jsonCopyToCopy } from '../../../../src/adapters/mutators/catalogue/javascript/copies.ts';
import { pushSortToInsertion, sortedQueueToHeap } from '../../../../src/adapters/mutators/catalogue/javascript/heap.ts';
import { hoistInvariant } from '../../../../src/adapters/mutators/catalogue/javascript/hoist.ts';
import { hoistFormatter } from '../../../../src/adapters/mutators/catalogue/javascript/intl.ts';
import { forEachToFor, fuseChain } from '../../../../src/adapters/mutators/catalogue/javascript/loops.ts';
import { memoizeRecursion } from '../../../../src/adapters/mutators/catalogue/javascript/memo-recursion.ts';
import { divisorBound, numericForms, typedArray } from '../../../../src/adapters/mutators/catalogue/javascript/numeric.ts';
import { shiftToHead, sliceToPosition, unshiftToPush } from '../../../../src/adapters/mutators/catalogue/javascript/queues.ts';
import { hoistRow, sumsToPrefix } from '../../../../src/adapters/mutators/catalogue/javascript/rows.ts';
import { askForLess, exitEarly, sortToScan } from '../../../../src/adapters/mutators/catalogue/javascript/shortcuts.ts';
import { stringKeyToNumber } from '../../../../src/adapters/mutators/catalogue/javascript/string-key.ts';
import { keeps, loadParsers, refuses } from './harness.ts';

before(loadParsers);

describe('memoize-recursion', () => {
  it('remembers by the parameters that vary', () => {
    keeps(memoizeRecursion, 'function main(n) {\n  if (n < 2) return n;\n  return main(n - 1) + main(n - 2);\n}', [[0], [1], [20]]);
    keeps(memoizeRecursion, 'const main = (n) => (n < 2 ? n : main(n - 1) + main(main(2) + n - 3));', [[1], [15]]);
    const after = keeps(memoizeRecursion, `function main(a, b) {
  function lcs(a, b, i, j) {
    if (i === a.length || j === b.length) return 0;
    if (a[i] === b[j]) return 1 + lcs(a, b, i + 1, j + 1);
    return Math.max(lcs(a, b, i + 1, j), lcs(a, b, i, j + 1));
  }
  return lcs(a, b, 0, 0);
}`, [['abcbdab', 'bdcaba'], ['', 'x']]);
    assert.match(after, /lcsKnown\(i \+ 1, j\)/);
    keeps(memoizeRecursion, `function main(coins, amount, from = 0) {
  if (amount === 0) return 1;
  if (amount < 0) return 0;
  let ways = 0;
  for (let i = from; i < coins.length; i++) ways += main(coins, amount - coins[i], i);
  return ways;
}`, [[[1, 2, 5], 11], [[], 3]]);
  });

  it('keeps types', () => {
    keeps(memoizeRecursion, 'export function main(i: number, j: number): number {\n  return i === 0 || j === 0 ? 1 : main(i - 1, j) + main(i, j - 1);\n}', [[3, 4]], 'typescript');
  });

  it('leaves everything else alone', () => {
    refuses(memoizeRecursion, {
      'one branch only': 'function f(a, lo, hi) { const m = (lo + hi) >> 1; if (a[m] < 3) return f(a, m + 1, hi); return f(a, lo, m - 1); }',
      'side effects': 'let n = 0; function f(i) { n++; return i < 2 ? 1 : f(i - 1) + f(i - 2); }',
      'an array that is handed on': 'function f(xs) { if (!xs.length) return 0; return f(xs.slice(1)) + f(xs.slice(2)); }',
      'a result that callers may change': 'function f(n) { if (n < 1) return []; const a = f(n - 1); const b = f(n - 2); return [...a, ...b]; }',
      'already remembered': 'const memo = {}; function f(n) { if (n in memo) return memo[n]; return (memo[n] = n < 2 ? n : f(n - 1) + f(n - 2)); }',
      'used as a value': 'function f(n) { return n < 2 ? [1].map(f)[0] : f(n - 1) + f(n - 2); }',
      'reads what it changes': 'function main(grid) { function go(i, j) { if (grid[i][j]) return 0; grid[i][j] = 1; return go(i + 1, j) + go(i, j + 1); } return go(0, 0); }',
      'random': 'function f(n) { return n < 2 ? Math.random() : f(n - 1) + f(n - 2); }',
      'this': 'function f(n) { return n < 2 ? this.x : f(n - 1) + f(n - 2); }',
    });
  });
});

describe('hoist-invariant', () => {
  it('computes once what does not change', () => {
    const after = keeps(hoistInvariant, `function main(xs, o) {
  const out = [];
  for (const x of xs) {
    if (Object.keys(o).includes(x) && new RegExp('^' + o.p).test(x)) out.push(x);
  }
  return out;
}`, [[['a', 'p', 'q'], { a: 1, p: 'a' }], [[], {}]]);
    assert.match(after, /const oKeys = Object\.keys\(o\)/);
    keeps(hoistInvariant, 'function main(xs) {\n  return xs.map((x) => x / Math.max(...xs));\n}', [[[1, 2, 4]]]);
    keeps(hoistInvariant, `function main(xs, s) {
  const weight = (t) => { let n = 0; for (const c of t) n += c.charCodeAt(0); return n; };
  let total = 0;
  for (let i = 0; i < s.toLowerCase().split(',').length; i++) {
    const sorted = [...xs].sort((a, b) => a - b);
    total += sorted[i % sorted.length] * weight(s);
  }
  return total;
}`, [[[3, 1, 2], 'A,b,c,d']]);
  });

  it('leaves everything else alone', () => {
    refuses(hoistInvariant, {
      'the object changes': "function f(xs, o) { for (const x of xs) { if (Object.keys(o).includes(x)) o[x] = 1; } }",
      'changed through a function': "function f(xs, o) { const put = (k) => { o[k] = 1; }; for (const x of xs) { if (Object.keys(o).length < 3) put(x); } }",
      'depends on the loop': "function f(xs) { return xs.map((x) => x.toLowerCase().split('')); }",
      'the result is changed': "function f(xs, s) { for (const x of xs) { const parts = s.split(','); parts.push(x); g(parts); } }",
      'the result is kept': "function f(xs, s) { const out = []; for (const x of xs) { out.push(s.split(',')); } return out; }",
      'a regex with a position': "function f(xs, p) { let n = 0; for (const x of xs) { if (new RegExp(p, 'g').test(x)) n++; } return n; }",
      'a clock': 'function f(xs) { for (const x of xs) { x.at = Date.now(); x.d = new Date().getTime(); } }',
      'a shadowed name': 'function f(xs, s) { for (const x of xs) { const s = x.s; g(s.trim()); } }',
      'other code runs meanwhile': "async function f(xs, o) { for (const x of xs) { await x; if (o.s.split(',').length > 2) return 1; } }",
      'this of another function': "function f(xs) { xs.forEach(function () { g(this.s.trim()); }); }",
      'a method may change it': "class A { go(xs) { for (const x of xs) { if (Object.keys(this.seen).length < 3) this.put(x); } } put(x) { this.seen[x] = 1; } }",
      'outside a loop': "function f(s) { return s.split(',').length; }",
    });
  });
});

describe('sorted-queue-to-heap', () => {
  const graph = { a: [['b', 4], ['c', 1]], c: [['b', 2], ['d', 7]], b: [['d', 1]], d: [] };
  it('keeps the order of a stable sort', () => {
    for (const take of ['shift', 'pop'])
      keeps(sortedQueueToHeap, `function main(graph, start) {
  const order = [];
  const done = {};
  const queue = [{ node: start, cost: 0 }];
  while (queue.length > 0) {
    queue.sort((a, b) => a.cost - b.cost);
    const { node, cost } = queue.${take}();
    if (done[node] !== undefined && order.length > 20) continue;
    done[node] = cost;
    order.push([node, cost]);
    for (const [next, w] of graph[node]) queue.push({ node: next, cost: cost + w });
  }
  return order;
}`, [[graph, 'a'], [{ a: [['b', 1], ['c', 1], ['d', 1]], b: [['e', 0]], c: [['e', 0]], d: [], e: [] }, 'a']]);
  });

  it('leaves everything else alone', () => {
    const loop = (body: string, more = ''): string => `function f(g, dist) { const q = [g]; ${more} while (q.length) { ${body} } }`;
    refuses(sortedQueueToHeap, {
      'the order changes meanwhile': loop('q.sort((a, b) => dist[a] - dist[b]); const n = q.shift(); dist[n] = 1; q.push(n);'),
      'keys are written': loop('q.sort((a, b) => a.d - b.d); const n = q.shift(); n.next.d = 4; q.push(n.next);'),
      'read otherwise': loop('q.sort((a, b) => a.d - b.d); const n = q.shift(); if (q.includes(n)) q.push(n.next);'),
      'not taken right after': loop('q.sort((a, b) => a.d - b.d); q.push(g); const n = q.shift();'),
      'handed out': loop('q.sort((a, b) => a.d - b.d); const n = q.shift(); q.push(n.next);', 'watch(q);'),
    });
  });
});

describe('push-sort-to-insertion', () => {
  it('inserts after equals', () => {
    keeps(pushSortToInsertion, `function main(xs) {
  const sorted = [];
  const out = [];
  for (const [k, v] of xs) {
    sorted.push({ k, v });
    sorted.sort((a, b) => a.k - b.k);
    out.push(sorted[Math.floor(sorted.length / 2)].v);
    if (sorted.length > 4) sorted.shift();
  }
  return [out, sorted];
}`, [[[[3, 'a'], [1, 'b'], [3, 'c'], [2, 'd'], [3, 'e'], [0, 'f']]], [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(pushSortToInsertion, {
      'unsorted to begin with': 'function f(xs) { const s = [3, 1]; for (const x of xs) { s.push(x); s.sort((a, b) => a - b); } return s; }',
      'filled elsewhere': 'function f(xs) { const s = []; s.push(1); for (const x of xs) { s.unshift(x); s.push(x); s.sort((a, b) => a - b); } return s; }',
      'keys change': 'function f(xs) { const s = []; for (const x of xs) { s.push(x); s.sort((a, b) => a.k - b.k); s[0].k = 9; } return s; }',
      'no comparison': 'function f(xs) { const s = []; for (const x of xs) { s.push(x); s.sort(); } return s; }',
    });
  });
});

describe('accumulate-in-place', () => {
  it('adds instead of copying', () => {
    for (const add of ['acc = [...acc, x];', 'acc = acc.concat([x, 1]);', 'acc = [...acc, ...[x, x]];', 'if (x > 1) acc = [...acc, x + acc.length];'])
      keeps(accumulateInPlace, `function main(xs) {\n  let acc = [];\n  for (const x of xs) {\n    ${add}\n  }\n  return acc;\n}`, [[[1, 2, 3]], [[]]]);
    for (const add of ['{ ...acc, [x]: (acc[x] || 0) + 1 }', 'Object.assign({}, acc, { [x]: 1 })', 'x > 1 ? { ...acc, x } : acc'])
      keeps(accumulateInPlace, `const main = (xs) => xs.reduce((acc, x) => (${add}), {});`, [[[1, 2, 2]], [[]]]);
    for (const add of ['[...acc, x * 2]', 'acc.includes(x) ? acc : [...acc, x]', 'acc.concat([x])', 'acc.concat([x, [x]].slice(0))', '[...acc, ...[x, x]]'])
      keeps(accumulateInPlace, `const main = (xs) => xs.reduce((acc, x) => ${add}, []);`, [[[1, 2, 2]], [[]]]);
    keeps(accumulateInPlace, `function main(xs) {\n  let seen = new Set();\n  let by = new Map();\n  for (const x of xs) {\n    seen = new Set([...seen, x]);\n    by = new Map([...by, [x, seen.size]]);\n  }\n  return [seen, by];\n}`, [[[1, 2, 1]]]);
    keeps(accumulateInPlace, `const main = (xs) => xs.reduce((acc, x) => {\n  if (x > 1) return { ...acc, [x]: x };\n  return acc;\n}, {});`, [[[1, 2, 3]]]);
  });

  it('adds to lists in objects', () => {
    for (const add of ['by[x.k] = [...(by[x.k] || []), x.v];', 'by[x.k] = (by[x.k] ?? []).concat([x.v]);', 'if (!by[x.k]) by[x.k] = []; by[x.k] = [...by[x.k], x.v];'])
      keeps(accumulateInPlace, `function main(xs) {\n  const by = {};\n  for (const x of xs) {\n    ${add}\n  }\n  return by;\n}`, [[[{ k: 'a', v: 1 }, { k: 'b', v: 2 }, { k: 'a', v: 3 }]], [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(accumulateInPlace, {
      'another list is the source': 'function f(xs, o, p) { for (const x of xs) { o.list = [...p.list, x]; } }',
      'the list goes into itself': 'function f(xs, o) { for (const x of xs) { o.list = [...o.list, o.list]; } }',
      'snapshots are kept': 'function f(xs) { let a = []; const all = []; for (const x of xs) { a = [...a, x]; all.push(a); } return all; }',
      'it starts as the caller\'s': 'function f(xs, ys) { let a = ys; for (const x of xs) { a = [...a, x]; } return a; }',
      'outside a loop': 'function f(a, x) { let b = []; b = [...b, x]; return b; }',
      'looped over meanwhile': 'function f(xs) { let a = [1]; for (const x of xs) { for (const y of a) { a = [...a, y]; } } return a; }',
      'reduce starts with data of others': 'const f = (xs, start) => xs.reduce((a, x) => [...a, x], start);',
      'reduce keeps the old one': 'const f = (xs) => xs.reduce((a, x) => [...a, { x, before: a }], []);',
      'belongs to the loop': 'function f(xs) { for (const x of xs) { let a = []; a = [...a, x]; g(a); } }',
      'taken along before': 'function f(xs) { let a = [1]; const first = a; for (const x of xs) a = [...a, x]; return [first, a]; }',
      'captured by a closure': 'function f(xs) { let a = []; const fs = []; for (const x of xs) { const b = a; fs.push(() => b); a = [...a, x]; } return fs; }',
    });
  });
});

describe('shift-to-head', () => {
  it('reads by index', () => {
    keeps(shiftToHead, `function main(g) {
  const queue = [0];
  const order = [];
  while (queue.length) {
    const n = queue.shift();
    if (order.includes(n)) continue;
    order.push(n);
    for (const m of g[n]) queue.push(m);
  }
  return order;
}`, [[[[1, 2], [2], [0]]]]);
    keeps(shiftToHead, `function main(xs) {
  const q = [...xs];
  let out = '';
  while (q.length > 0) { const n = q.length; for (let i = 0; i < n; i++) { out += q.shift(); if (i > 5) q.shift(); } out += '|' + q.length; }
  return out + q.shift;
}`.replace(' + q.shift;', ';'), [[[1, 2, 3, 4, 5, 6, 7, 8, 9]]]);
  });

  it('leaves everything else alone', () => {
    refuses(shiftToHead, {
      'the caller\'s array': 'function f(q) { while (q.length) { g(q.shift()); } }',
      'returned': 'function f(xs) { const q = [...xs]; while (q.length > 3) { g(q.shift()); } return q; }',
      'no loop': 'function f(xs) { const q = [...xs]; return q.shift(); }',
      'read at other places': 'function f(xs) { const q = [...xs]; while (q.length) { g(q.shift(), q[1]); } }',
      'also filled from the front': 'function f(xs) { const q = [...xs]; while (q.length) { const x = q.shift(); if (x.y) q.unshift(x.y); } }',
    });
  });
});

describe('slice-to-position', () => {
  it('moves a position instead', () => {
    keeps(sliceToPosition, `function main(s) {
  let n = '';
  while (s.length > 0) {
    if (s.startsWith('ab')) { n += '!'; s = s.slice(2); continue; }
    n += s[0] + s.charCodeAt(0);
    s = s.substring(1);
  }
  return n + s + '.';
}`, [['xabyab'], ['']]);
    keeps(sliceToPosition, `function main(xs) {
  let rest = xs;
  let total = 0;
  while (rest.length) {
    total += rest[0] * (rest.length > 1 ? rest[1] : 2);
    rest = rest.slice(1);
  }
  return { total, rest };
}`, [[[1, 2, 3]], [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(sliceToPosition, {
      'used as a whole in the loop': 'function f(s) { while (s.length) { g(s); s = s.slice(1); } }',
      'matched by a regex': 'function f(s) { while (s.length) { const m = s.match(/^a/); s = s.slice(1); if (m) return 1; } }',
      'assigned otherwise': 'function f(s) { while (s.length) { s = s[0] === "a" ? s.slice(1) : s.slice(1).trim(); } }',
      'cut from the end': 'function f(s) { while (s.length) { g(s[0]); s = s.slice(-1); } }',
      'no loop': 'function f(s) { s = s.slice(1); return s[0]; }',
    });
  });
});

describe('unshift-to-push', () => {
  it('reverses once', () => {
    keeps(unshiftToPush, 'function main(xs) {\n  const out = [];\n  for (const x of xs) {\n    out.unshift(x * 2);\n  }\n  return out;\n}', [[[1, 2, 3]], [[]]]);
    keeps(unshiftToPush, 'function main(n) {\n  let bits = [];\n  while (n > 0) {\n    bits = [n % 2, ...bits];\n    n = Math.floor(n / 2);\n  }\n  return bits.join("");\n}', [[10], [0]]);
  });

  it('leaves everything else alone', () => {
    refuses(unshiftToPush, {
      'read in the loop': 'function f(xs) { const o = []; for (const x of xs) { o.unshift(x); g(o[0]); } return o; }',
      'filled before': 'function f(xs) { const o = []; o.push(1); for (const x of xs) o.unshift(x); return o; }',
      'also pushed': 'function f(xs) { const o = []; for (const x of xs) { if (x) o.unshift(x); else o.push(x); } return o; }',
      'returned from the loop': 'function f(xs) { const o = []; for (const x of xs) { o.unshift(x); if (x > 3) return o; } return o; }',
      'not empty': 'function f(xs) { const o = [1]; for (const x of xs) { o.unshift(x); } return o; }',
    });
  });
});

describe('sort-to-scan, ask-for-less', () => {
  const rows = [[{ k: 2, v: 1 }, { k: 1, v: 2 }, { k: 1, v: 3 }, { k: 2, v: 4 }]];
  it('scans for one end with the ties of a stable sort', () => {
    for (const end of ['[0]', '.shift()', '.pop()', '.at(-1)', '.at(0)'])
      keeps(sortToScan, `const main = (xs) => [...xs].sort((a, b) => a.k - b.k)${end};`, [rows, [[]]]);
    keeps(sortToScan, 'const main = (xs: { k: number }[]) => xs.filter((x) => x.k > 1).sort((a, b) => b.k - a.k)[0];', [rows, [[]]], 'typescript');
  });

  it('asks with some and find', () => {
    for (const q of ['xs.filter((x) => x.k > 1).length > 0', 'xs.filter((x) => x.k > 1).length === 0', 'xs.filter((x) => x.k > 1)[0]', '!xs.filter((x) => x.k > 9).length', 'xs.filter((x) => x.k > 1).length ? 1 : 2', 'xs.map((x) => x.k).includes(2)'])
      keeps(askForLess, `const main = (xs) => ${q};`, [rows, [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(sortToScan, {
      'sorts what others see': 'const f = (xs) => xs.sort((a, b) => a - b)[0];',
      'uses more than an end': 'const f = (xs) => [...xs].sort((a, b) => a - b)[1];',
      'the default order': 'const f = (xs) => [...xs].sort()[0];',
      'a comparison with side effects': 'let n = 0; const f = (xs) => [...xs].sort((a, b) => { n++; return a - b; })[0];',
    });
    refuses(askForLess, {
      'the number counts': 'const f = (xs) => xs.filter((x) => x > 1).length > 1;',
      'side effects': 'let n = 0; const f = (xs) => xs.filter((x) => { n++; return x > 1; }).length > 0;',
      'the second': 'const f = (xs) => xs.filter((x) => x > 1)[1];',
      'an unknown function': 'const f = (xs, p) => xs.filter((x) => p(x)).length > 0;',
    });
  });
});

describe('exit-early', () => {
  it('breaks', () => {
    keeps(exitEarly, 'function main(xs, y) {\n  let found = false;\n  for (const x of xs) {\n    if (x === y) {\n      found = true;\n    }\n  }\n  return found;\n}', [[[1, 2], 2], [[], 1]]);
    const after = keeps(exitEarly, 'function main(xs) {\n  let dup = 0;\n  for (let i = 0; i < xs.length; i++) {\n    for (let j = i + 1; j < xs.length; j++) if (xs[i] === xs[j]) dup = 1;\n  }\n  return dup;\n}', [[[1, 2, 1]], [[]]]);
    assert.match(after, /search: for \(let i[\s\S]*break search;/);
  });

  it('leaves everything else alone', () => {
    refuses(exitEarly, {
      'counts too': 'function f(xs) { let a = false; let n = 0; for (const x of xs) { n++; if (x) a = true; } return [a, n]; }',
      'two values': 'function f(xs) { let a = false; for (const x of xs) { if (x) a = true; else a = false; } return a; }',
      'the last one counts': 'function f(xs) { let a = 0; for (const x of xs) { if (x) a = x; } return a; }',
      'calls something': 'function f(xs) { let a = false; for (const x of xs) { if (g(x)) a = true; } return a; }',
      'breaks already': 'function f(xs) { let a = false; for (const x of xs) { if (x) { a = true; break; } } return a; }',
      'reads the flag': 'function f(xs) { let a = false; for (const x of xs) { if (x && !a) a = true; } return a; }',
    });
  });
});

describe('copies', () => {
  it('are made directly or left out', () => {
    keeps(jsonCopyToCopy, 'function main(xs) {\n  const out = [];\n  for (const x of xs) {\n    const y = JSON.parse(JSON.stringify(x));\n    y.n = 1;\n    out.push(y);\n  }\n  return [out, xs];\n}', [[[{ a: [1, null, { b: 2 }] }, { n: 'x' }]]]);
    keeps(jsonCopyToCopy, 'export const main = (grid: number[][]) => { const g = JSON.parse(JSON.stringify(grid)); g[0][0] = 9; return [g, grid]; };', [[[[1, 2], [3]]]], 'typescript');
    keeps(dropNeedlessCopy, 'function main(s) {\n  const xs = s.split(",");\n  let n = 0;\n  for (const x of [...xs]) n += x.length;\n  return n + xs.slice().filter((x) => x > "a").length;\n}', [['a,bb,c']]);
  });

  it('leave everything else alone', () => {
    refuses(jsonCopyToCopy, {
      'a replacer': 'const f = (x) => JSON.parse(JSON.stringify(x, null, 2));',
      'text from elsewhere': 'const f = (x) => JSON.parse(x);',
    });
    refuses(dropNeedlessCopy, {
      'the list changes in the loop': 'function f(xs) { for (const x of [...xs]) { if (x) xs.push(x); } }',
      'the copy is sorted': 'function f(s) { const xs = s.split(","); return xs.slice().sort(); }',
      'the copy is kept': 'function f(s) { const xs = s.split(","); const ys = [...xs]; return ys; }',
      'calls something in the loop': 'function f(xs) { for (const x of [...xs]) { g(x); } }',
    });
  });
});

describe('numbers', () => {
  it('bounds divisor searches', () => {
    const inputs = Array.from({ length: 60 }, (_, i) => [i]);
    for (const bound of ['i < n', 'i <= n / 2', 'i <= Math.floor(n / 2)', 'i <= n - 1'])
      keeps(divisorBound, `function main(n) {\n  if (n < 2) return false;\n  for (let i = 2; ${bound}; i++) {\n    if (n % i === 0) return false;\n  }\n  return true;\n}`, inputs);
    keeps(divisorBound, 'function main(n) {\n  if (n < 2 || (n % 2 === 0 && n > 2)) return 0;\n  if (n % 2 === 0) return 2;\n  for (let i = 3; i < n; i += 2) if (n % i === 0) return i;\n  return n;\n}', inputs);
  });

  it('uses typed arrays', () => {
    keeps(typedArray, `function main(n) {
  const prime = new Array(n + 1).fill(true);
  for (let i = 2; i * i <= n; i++) {
    if (prime[i]) for (let j = i * i; j <= n; j += i) prime[j] = false;
  }
  let count = 0;
  for (let i = 2; i <= n; i++) if (prime[i]) count++;
  return count;
}`, [[100], [2]]);
    const after = keeps(typedArray, `function main(a, b) {
  const dp = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) dp[i][j] = a[i - 1] === b[j - 1] ? dp[i - 1][j - 1] + 1 : Math.max(dp[i - 1][j], dp[i][j - 1]);
  }
  return dp[a.length][b.length];
}`, [['abcde', 'ace'], ['', '']]);
    assert.match(after, /=> new Float64Array\(b\.length \+ 1\)/);
    keeps(typedArray, 'function main(n) { const t = Array.from({ length: n }, () => Array(n).fill(1)); for (let i = 1; i < n; i++) { const r = t[i]; const up = t[i - 1]; for (let j = 1; j < n; j++) r[j] = up[j] + r[j - 1]; } return t[n - 1][n - 1]; }', [[5]]);
  });

  it('uses cheaper forms', () => {
    keeps(numericForms, 'const main = (x, y) => [Math.pow(x, 2), Math.pow(x + 1, y) * 2, -Math.pow(x, 3), parseInt(x * 1.5), Number(x - y)];', [[3, 4], [-2, 2]]);
  });

  it('leave everything else alone', () => {
    refuses(divisorBound, {
      'counts all divisors': 'function f(n) { let c = 0; for (let i = 2; i < n; i++) { if (n % i === 0) c++; } return c; }',
      'starts elsewhere': 'function f(n) { for (let i = 3; i < n; i++) if (n % i === 0) return i; return n; }',
      'another bound': 'function f(n, m) { for (let i = 2; i < m; i++) if (n % i === 0) return i; return n; }',
      'the number changes': 'function f(n) { for (let i = 2; i < n; i++) { if (n % i === 0) { n = n / i; break; } } return n; }',
    });
    refuses(typedArray, {
      'grows': 'function f(n) { const a = new Array(n).fill(0); a.push(1); return a[0]; }',
      'handed out': 'function f(n) { const a = new Array(n).fill(0); for (let i = 0; i < n; i++) a[i] = i; return a; }',
      'holds something else': 'function f(n, x) { const a = new Array(n).fill(0); for (let i = 0; i < n; i++) a[i] = x; return a[0]; }',
      'holds text': 'function f(n) { const a = new Array(n).fill(""); for (let i = 0; i < n; i++) a[i] += "x"; return a[0]; }',
      'rows are swapped': 'function f(n) { const a = Array.from({ length: n }, () => new Array(n).fill(0)); a[0] = a[1]; return a[0][0]; }',
      'flags are returned': 'function f(n) { const a = new Array(n).fill(false); a[0] = true; return a[1]; }',
    });
    refuses(numericForms, {
      'a call in the base': 'const f = (x) => Number(x);',
      'another radix': 'const f = (x) => parseInt(x * 2, 16);',
      'text': 'const f = (s) => parseInt(s, 10);',
    });
  });
});

describe('string-key-to-number', () => {
  it('keys by one number', () => {
    const after = keeps(stringKeyToNumber, `function main(grid) {
  const seen = new Set();
  const stack = [[0, 0]];
  let n = 0;
  while (stack.length) {
    const [y, x] = stack.pop();
    const key = \`\${y},\${x}\`;
    if (y < 0 || x < 0 || y >= grid.length || x >= grid[0].length || seen.has(key) || grid[y][x]) continue;
    seen.add(key);
    n++;
    stack.push([y + 1, x], [y - 1, x], [y, x + 1], [y, x - 1]);
  }
  return n + seen.size;
}`, [[[[0, 0, 1], [1, 0, 0]]]]);
    assert.match(after, /y \* 67108864 \+ x/);
    keeps(stringKeyToNumber, 'export function main(n: number): number {\n  const m = new Map<string, number>();\n  for (let i = 0; i < n; i++) { m.set(i + "-" + (i % 3), i); }\n  return m.get(`${4}-${4 % 3}`) ?? 0;\n}', [[9]], 'typescript');
  });

  it('leaves everything else alone', () => {
    refuses(stringKeyToNumber, {
      'keys are listed': 'function f(n) { const s = new Set(); for (let i = 0; i < n; i++) s.add(`${i},${i * 2}`); return [...s]; }',
      'parts are text': 'function f(ws) { const s = new Set(); for (const w of ws) { const k = `${w.trim()},${w.length}`; s.add(k); } return s.size; }',
      'nothing shows numbers': 'function f(ws) { const s = new Set(); for (const [a, b] of ws) { s.add(`${a},${b}`); } return s.size; }',
      'the key is used elsewhere': 'function f(n) { const s = new Set(); for (let i = 0; i < n; i++) { const k = `${i},${i * 2}`; s.add(k); g(k); } return s.size; }',
      'another shape of key': 'function f(n) { const s = new Set(["0"]); for (let i = 0; i < n; i++) { s.add(`${i},${i * 2}`); } return s.size; }',
    });
  });
});

describe('hoist-row, sums-to-prefix', () => {
  it('takes out rows', () => {
    keeps(hoistRow, `function main(a, b) {
  const n = a.length;
  const c = a.map((r) => r.slice());
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      c[i][j] = 0;
      for (let k = 0; k < n; k++) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}`, [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]);
  });

  it('sums by prefixes', () => {
    keeps(sumsToPrefix, 'function main(xs, k) {\n  const out = [];\n  for (let i = 0; i + k <= xs.length; i++) {\n    let s = 0;\n    for (let j = i; j < i + k; j++) s += xs[j];\n    out.push(s);\n  }\n  return out;\n}', [[[1, 2, 3, 4], 2], [[], 1]]);
    keeps(sumsToPrefix, 'const main = (xs) => xs.map((x, i) => x + xs.slice(0, i).reduce((a, b) => a + b, 0) + xs.slice(-2).reduce((a, b) => b + a, 0));', [[[1, 2, 3, 4]], [[]]]);
  });

  it('leave everything else alone', () => {
    refuses(hoistRow, {
      'rows are replaced': 'function f(a) { for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { a[i] = []; a[i][j] = 1; } } }',
      'the index is of the inner loop': 'function f(a) { for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { a[j][i] = 1; } } }',
      'the index moves': 'function f(a) { let i = 0; while (i < 3) { for (let j = 0; j < 3; j++) { a[i][j] = 1; i++; } } }',
    });
    refuses(sumsToPrefix, {
      'the list changes': 'function f(xs) { for (let i = 0; i < 5; i++) { let s = 0; for (let j = 0; j < i; j++) s += xs[j]; xs[i] = s; } }',
      'no outer loop': 'function f(xs, k) { let s = 0; for (let j = 0; j < k; j++) s += xs[j]; return s; }',
      'text': 'function f(xs) { for (let i = 0; i < 5; i++) { let s = ""; for (let j = 0; j < i; j++) s += xs[j]; g(s); } }',
    });
  });
});

describe('loops', () => {
  it('replace forEach and chains', () => {
    keeps(forEachToFor, 'function main(xs) {\n  let n = 0;\n  xs.forEach((x, i) => {\n    if (x < 2) return;\n    n += x * i;\n  });\n  xs.map((x) => x + 1).forEach(function (x) { n += x; });\n  xs.forEach((x) => n--);\n  return n;\n}', [[[1, 2, 3]], [[]]]);
    keeps(fuseChain, 'function main(xs) {\n  const big = xs.map((x) => x * 2).filter((x) => x > 2).map((y) => ({ y }));\n  return big.filter((b) => b.y > 4).map((b) => b.y).reduce((s, y) => s + y, 0);\n}', [[[1, 2, 3]], [[]]]);
  });

  it('leave everything else alone', () => {
    refuses(forEachToFor, {
      'returns in an inner loop': 'function f(xs) { xs.forEach((x) => { for (const y of x) { if (y) return; g(y); } }); }',
      'grows meanwhile': 'function f(xs) { xs.forEach((x) => { xs.push(x); }); }',
      'this': 'function f(xs) { xs.forEach(function () { g(this); }, o); xs.forEach(function () { g(this.x); }); }',
      'a Map': 'function f() { const m = new Map(); m.forEach((v) => { g(v); }); }',
      'async': 'function f(xs) { xs.forEach(async (x) => { await x; }); }',
      'var': 'function f(xs) { xs.forEach((x) => { var y = x; later(() => y); }); }',
    });
    refuses(fuseChain, {
      'side effects': 'function f(xs) { let n = 0; const a = xs.map((x) => n++ + x).filter((x) => n > x); return a; }',
      'one link': 'function f(xs) { const a = xs.map((x) => x + 1); return a; }',
      'the index is used': 'function f(xs) { const a = xs.filter((x) => x).map((x, i) => i); return a; }',
    });
  });
});

describe('hoist-formatter', () => {
  it('makes one formatter', () => {
    keeps(hoistFormatter, "function main(xs) {\n  return xs.map((x) => x.toLocaleString('en-US', { style: 'currency', currency: 'USD' })).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));\n}", [[[1234.5, 2, -3]]]);
    keeps(hoistFormatter, "const main = (xs) => xs.map((t) => new Date(t).toLocaleDateString('en-GB', { year: 'numeric', month: 'short', timeZone: 'UTC' }));", [[[0, 1e12]]]);
  });

  it('leaves everything else alone', () => {
    refuses(hoistFormatter, {
      'options of the element': "const f = (xs) => xs.map((x) => x.n.toLocaleString('en', { currency: x.c, style: 'currency' }));",
      'no options': "const f = (xs) => xs.map((x) => x.toLocaleString('en'));",
      'no loop': "const f = (x) => x.toLocaleString('en', { style: 'percent' });",
    });
  });
});
