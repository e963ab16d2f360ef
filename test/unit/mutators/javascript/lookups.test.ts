// Rewrites that replace linear searches by Sets and Maps.

import assert from 'node:assert/strict';
import { membershipToSet } from '../../../../src/adapters/mutators/catalogue/javascript/membership.ts';
import { findByKeyToMap } from '../../../../src/adapters/mutators/catalogue/javascript/find-by-key.ts';
import { growingListByKey } from '../../../../src/adapters/mutators/catalogue/javascript/group-by-key.ts';
import { nestedScanToGroups } from '../../../../src/adapters/mutators/catalogue/javascript/nested-scan.ts';
import { findSites, keeps, loadParsers, refuses } from './harness.ts';

before(loadParsers);

describe('membership-to-set', () => {
  const lists = [[[1, 2, 3, 2], [2, 3]], [[], []], [['a', 'b'], ['b']], [[1, 1], [1]]];

  it('builds the Set before the outermost loop in which the array does not change', () => {
    const after = keeps(membershipToSet, `function main(xs, allowed) {
  const out = [];
  for (const x of xs) {
    if (allowed.includes(x) && allowed.indexOf(x) !== -1) out.push(x);
  }
  return out;
}`, lists);
    assert.equal(after, `function main(xs, allowed) {
  const out = [];
  const allowedSet = new Set(allowed);
  for (const x of xs) {
    if (allowedSet.has(x) && allowedSet.has(x)) out.push(x);
  }
  return out;
}`);
  });

  it('wraps the body of an arrow function', () => {
    const after = keeps(membershipToSet, `const main = (a, b) => a.filter((x) => b.indexOf(x) < 0);`, lists);
    assert.match(after, /=> \{\n {2}const bSet = new Set\(b\);\n {2}return a\.filter\(\(x\) => !bSet\.has\(x\)\);\n\}/);
  });

  it('keeps a Set beside an array that grows', () => {
    const after = keeps(membershipToSet, `function main(xs) {
  const seen = [];
  for (const x of xs) if (!seen.includes(x)) seen.push(x);
  return seen;
}`, [[[1, 2, 1, 3]], [[]]]);
    assert.match(after, /seenSet\.add\(x\)/);
  });

  it('evaluates what is pushed once', () => {
    keeps(membershipToSet, `function main(n) {
  let calls = 0;
  const next = () => { calls += 1; return calls % 3; };
  const got = [];
  while (calls < n) { if (got.includes(1)) { got.push(next() + 5); } else { got.push(next()); } }
  return [got, calls];
}`, [[9]]);
  });

  it('serves helper functions inside the pin', () => {
    const after = keeps(membershipToSet, `function main(text, stop) {
  function isStop(w) { return stop.includes(w); }
  let n = 0;
  for (const w of text.split(' ')) if (isStop(w)) n++;
  return n;
}`, [['a b c', ['b']]]);
    assert.match(after, /const stopSet = new Set\(stop\);\n {2}function isStop/);
  });

  it('takes TypeScript', () => {
    keeps(membershipToSet, `export function main(xs: readonly number[], ys: number[]): number[] {
  return xs.filter((x: number) => !ys.includes(x));
}`, lists, 'typescript');
  });

  it('leaves everything else alone', () => {
    refuses(membershipToSet, {
      'the array changes in the loop': 'function f(xs, ys) { for (const x of xs) { if (ys.includes(x)) ys.splice(0, 1); } }',
      'the array is assigned in the loop': 'function f(xs, ys) { for (const x of xs) { if (ys.includes(x)) ys = next(ys); } }',
      'a string': "function f(xs) { const s = 'abc'; for (const x of xs) if (s.includes(x)) return x; }",
      'a string by annotation in a comment': '/** @param {string} s */\nfunction f(s, xs) { for (const x of xs) if (s.includes(x)) return x; }',
      'a search for a literal in something unknown': "function f(xs, s) { for (const x of xs) if (s.includes('a')) return x; }",
      'the array belongs to the loop': 'function f(xs) { for (const x of xs) { const ys = g(x); if (ys.includes(x)) return x; } }',
      'no loop': 'function f(x, ys) { return ys.includes(x); }',
      'a position argument': 'function f(xs, ys) { for (const x of xs) if (ys.includes(x, 2)) return x; }',
      'the position itself is used': 'function f(xs, ys) { let s = 0; for (const x of xs) s += ys.indexOf(x); return s; }',
      'changed through another name': 'function f(xs, ys) { const zs = ys; for (const x of xs) if (ys.includes(x)) zs.push(x); }',
      'a small constant array': "function f(xs) { const ok = ['a', 'b']; return xs.filter((x) => ok.includes(x)); }",
      'handed to code that may change it': 'function f(xs, ys) { for (const x of xs) { if (ys.includes(x)) change(ys); } }',
      'changed by a local function': 'function f(xs, ys) { const drop = () => ys.pop(); for (const x of xs) { if (ys.includes(x)) drop(); } }',
      'other code runs meanwhile': 'async function f(xs, ys) { for (const x of xs) { if (ys.includes(x)) await x; } }',
      'a grown array is sorted and popped': 'function f(xs) { const s = []; for (const x of xs) { if (!s.includes(x)) s.push(x); else s.pop(); } }',
      'a file with eval': 'function f(xs, ys) { eval("ys = 1"); for (const x of xs) if (ys.includes(x)) return x; }',
    });
  });

  it('stays inside the pin', () => {
    const text = `const words = ${JSON.stringify('a b c d e f g h i j k l'.split(' '))};\nfunction f(x) { return words.includes(x); }\n`;
    assert.equal(findSites(membershipToSet, text, 'javascript', [{ start: text.indexOf('function'), end: text.length - 1 }]).length, 0);
    assert.equal(findSites(membershipToSet, text).length, 1);
  });
});

describe('find-by-key-to-map', () => {
  const users = [{ id: 1, n: 'a' }, { id: 2, n: 'b' }, { id: 1, n: 'c' }];
  const orders = [{ userId: 1, v: 5 }, { userId: 3, v: 7 }, { userId: 2, v: 2 }];

  it('turns find, some, findIndex and filter into look-ups', () => {
    for (const use of ['users.find((u) => u.id === o.userId)', 'users.some((u) => o.userId === u.id)', 'users.findIndex((u) => u.id === o.userId)', 'users.filter((u) => u.id === o.userId)', 'users.find((u) => u.id === o.userId && u.n === "c")', 'users.filter(function (u) { return u.id === o.userId; }).length'])
      keeps(findByKeyToMap, `function main(users, orders) {
  const out = [];
  for (const o of orders) {
    out.push(${use});
  }
  return out;
}`, [[users, orders], [[], orders]]);
  });

  it('works where found elements are changed, but not their keys', () => {
    keeps(findByKeyToMap, `function main(users, orders) {
  orders.forEach((o) => { const u = users.find((x) => x.id === o.userId); if (u) u.total = (u.total || 0) + o.v; });
  return users;
}`, [[users, orders]]);
  });

  it('serves helper functions', () => {
    keeps(findByKeyToMap, `function main(users, orders) {
  const name = (id) => users.find((x) => x.id === id)?.n;
  return orders.map((o) => name(o.userId));
}`, [[users, orders]]);
  });

  it('indexes indexOf', () => {
    keeps(findByKeyToMap, `function main(names, rows) {
  const order = names.slice();
  return rows.map((r) => order.indexOf(r) * 2);
}`, [[['a', 'b', 'a'], ['b', 'a', 'x']]]);
  });

  it('leaves everything else alone', () => {
    refuses(findByKeyToMap, {
      'the key is written': 'function f(us, os) { for (const o of os) { const u = us.find((u) => u.id === o.id); u.id = 3; } }',
      'the array grows': 'function f(us, os) { for (const o of os) { if (!us.find((u) => u.id === o.id)) us.push(o); } }',
      'no loop': 'function f(us, id) { return us.find((u) => u.id === id); }',
      'not an equality': 'function f(us, os) { return os.map((o) => us.find((u) => u.id > o.id)); }',
      'loose equality': 'function f(us, os) { return os.map((o) => us.find((u) => u.id == o.id)); }',
      'a key computed with the other side': 'function f(us, os) { return os.map((o) => us.find((u) => u[o.k] === o.id)); }',
      'a probe with side effects': 'function f(us, os) { return os.map((o) => us.find((u) => u.id === next())); }',
      'the index is used': 'function f(us, os) { return os.map((o) => us.find((u, i) => u.id === o.id)); }',
    });
  });
});

describe('nested-scan-to-groups', () => {
  const a = [{ id: 1, v: 1 }, { id: 2, v: 2 }, { id: 1, v: 3 }];
  const b = [{ ref: 2, w: 1 }, { ref: 1, w: 5 }, { ref: 2, w: 9 }];

  it('loops over groups', () => {
    for (const inner of ['for (const y of b) { if (y.ref === x.id) { out.push([x.v, y.w]); } }', 'for (let j = 0; j < b.length; j++) { if (x.v > 1 && x.id === b[j].ref) { out.push(j); break; } }', 'for (const y of b) if (x.id === y.ref && y.w > 1) out.push(y.w);'])
      keeps(nestedScanToGroups, `function main(a, b) {\n  const out = [];\n  for (const x of a) {\n    ${inner}\n  }\n  return out;\n}`, [[a, b], [a, []]]);
  });

  it('keeps the start of an inner loop that starts later', () => {
    keeps(nestedScanToGroups, `function main(a) {
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = i + 1; j < a.length; j++) {
      if (a[i] === a[j]) n++;
    }
  }
  return n;
}`, [[[1, 2, 1, 1, 2]], [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(nestedScanToGroups, {
      'an else branch': 'function f(a, b) { for (const x of a) { for (const y of b) { if (y.r === x.r) g(y); else h(y); } } }',
      'more than the test': 'function f(a, b) { for (const x of a) { for (const y of b) { n++; if (y.r === x.r) g(y); } } }',
      'the key is written': 'function f(a, b) { for (const x of a) { for (const y of b) { if (y.r === x.r) y.r = 0; } } }',
      'the array grows': 'function f(a, b) { for (const x of a) { for (const y of b) { if (y.r === x.r) b.push(x); } } }',
      'a single loop': 'function f(b, k) { for (const y of b) { if (y.r === k) g(y); } }',
      'the counter moves': 'function f(a, b) { for (const x of a) { for (let j = 0; j < b.length; j++) { if (b[j] === x) j++; } } }',
    });
  });
});

describe('growing-list-by-key', () => {
  const rows = [{ k: 'a', v: 1 }, { k: 'b', v: 2 }, { k: 'a', v: 3 }];
  it('keeps a Map beside the list', () => {
    keeps(growingListByKey, `function main(rows) {
  const groups = [];
  for (const r of rows) {
    const g = groups.find((x) => x.key === r.k);
    if (g) g.total += r.v;
    else groups.push({ key: r.k, total: r.v });
    if (!groups.some((y) => r.v === y.key)) groups.push({ key: r.v, total: 0 });
  }
  return groups;
}`, [[rows], [[]]]);
    keeps(growingListByKey, `function main(rows) {
  const all = [];
  rows.forEach((r) => {
    const at = all.findIndex((x) => x.k === r.k);
    if (at === -1) { all.push(r); } else { all[at].v += r.v; }
  });
  return all;
}`, [[rows], [[]]]);
  });

  it('leaves everything else alone', () => {
    refuses(growingListByKey, {
      'the key is written': 'function f(rs) { const gs = []; for (const r of rs) { const g = gs.find((x) => x.k === r.k); if (g) g.k = 1; else gs.push(r); } return gs; }',
      'elements leave': 'function f(rs) { const gs = []; for (const r of rs) { const g = gs.find((x) => x.k === r.k); if (g) gs.shift(); else gs.push(r); } return gs; }',
      'elements are replaced': 'function f(rs) { const gs = []; for (const r of rs) { const i = gs.findIndex((x) => x.k === r.k); if (i >= 0) gs[i] = r; else gs.push(r); } return gs; }',
      'two keys': 'function f(rs) { const gs = []; for (const r of rs) { if (!gs.some((x) => x.k === r.k) && !gs.some((x) => x.j === r.k)) gs.push(r); } return gs; }',
      'filled at once': 'function f(rs) { const gs = []; gs.push(...rs); for (const r of rs) { if (gs.find((x) => x.k === r.k)) gs.push(r); } return gs; }',
    });
  });
});
