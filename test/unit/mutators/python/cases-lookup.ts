// Examples for the rewrites of lookups, scans, recursion and invariants: where they apply, and where they must not.

export interface Case {
  readonly id: string;
  /** Text that applies, what the result must hold, and calls that must give the same before and after. */
  readonly applies: readonly { readonly code: string; readonly shows: RegExp; readonly calls: readonly string[] }[];
  /** Texts in which the rewrite must find nothing, by reason. */
  readonly never: Readonly<Record<string, string>>;
}

export const lookupCases: readonly Case[] = [
  {
    id: 'py-membership-set',
    applies: [
      {
        code: 'def common(xs, ys):\n    out = []\n    for x in xs:\n        # keep me\n        if x in ys:\n            out.append(x)\n    return out\n',
        shows: /ys_set = set\(ys\)\n {4}for x in xs:\n {8}# keep me\n {8}if x in ys_set:/,
        calls: ['common([1, 2, 3, 2], [2, 3])', 'common([], [1])', 'common(["a"], ("a",))'],
      },
      { code: 'STOP = ["a", "the"]\ndef clean(words):\n    return [w for w in words if w not in STOP]\n', shows: /stop_set = set\(STOP\)\n {4}return \[w for w in words if w not in stop_set\]/, calls: ['clean(["a", "cat"])'] },
      { code: 'def f(xs, allowed=None):\n    n = 0\n    for x in xs:\n        if allowed is None or x in allowed:\n            n += 1\n    return n\n', shows: /set\(\(\) if allowed is None else allowed\)/, calls: ['f([1, 2])', 'f([1, 2], [2])'] },
      { code: 'def f(rows, ids):\r\n\tn = 0\r\n\twhile rows:\r\n\t\tif rows.pop() in ids:\r\n\t\t\tn += 1\r\n\treturn n\r\n', shows: /\r\n\tids_set = set\(ids\)\r\n\twhile rows:/, calls: ['f([1, 2, 3], [2, 3])'] },
    ],
    never: {
      'the list grows in the loop': 'def f(xs, ys):\n    for x in xs:\n        if x not in ys:\n            ys.append(x)\n    return ys\n',
      'another name for the list grows': 'def f(xs, ys):\n    zs = ys\n    for x in xs:\n        if x not in ys:\n            zs.append(x)\n    return ys\n',
      'a string is searched': 'def f(xs):\n    s = "abc"\n    return [x for x in xs if x in s]\n',
      'elements are lists': 'def f(xs):\n    known = [[1], [2]]\n    return [x for x in xs if x in known]\n',
      'rebound in the loop': 'def f(xs, ys):\n    n = 0\n    for x in xs:\n        n += x in ys\n        ys = ys[1:]\n    return n\n',
      'passed to an unknown function in the loop': 'def f(xs, ys):\n    for x in xs:\n        if x in ys:\n            update(ys)\n',
      'already a dict': 'def f(xs):\n    d = {1: 2}\n    return [x for x in xs if x in d]\n',
      'a substring is searched': 'def f(a, b):\n    return [a[i:i + 2] for i in range(len(a)) if a[i:i + 2] in b]\n',
      'an object of its own kind': 'class C:\n    def f(self, xs):\n        return [x for x in xs if x in self]\n',
      'set means something else': 'def f(xs, ys, set):\n    return [x for x in xs if x in ys]\n',
      'no loop': 'def f(x, ys):\n    return x in ys\n',
      'a generator hands control out': 'def f(xs, ys):\n    for x in xs:\n        if x in ys:\n            yield x\n',
      'names are read by text': 'def f(xs, ys):\n    exec("ys.append(1)")\n    return [x for x in xs if x in ys]\n',
      'a nested function changes it': 'def f(xs, ys):\n    def g():\n        ys.append(1)\n    n = 0\n    for x in xs:\n        g()\n        n += x in ys\n    return n\n',
      'bound in one branch only': 'def f(xs, c):\n    if c:\n        ys = [1]\n    n = 0\n    for x in xs:\n        if c and x in ys:\n            n += 1\n    return n\n',
    },
  },
  {
    id: 'py-seen-set',
    applies: [
      { code: 'def dedupe(xs):\n    seen = []\n    for x in xs:\n        if x not in seen:\n            seen.append(x)\n    return seen\n', shows: /seen_set = set\(\)[\s\S]*x not in seen_set[\s\S]*seen_set\.add\(x\)/, calls: ['dedupe([3, 1, 3, 2, 1])', 'dedupe([])'] },
      { code: 'def walk(graph, start):\n    visited = [start]\n    todo = [start]\n    while todo:\n        node = todo.pop()\n        for n in graph.get(node, []):\n            if n not in visited:\n                visited.append(n)\n                todo.append(n)\n    return len(visited)\n', shows: /visited_set = set\(visited\)/, calls: ['walk({1: [2, 3], 2: [1, 4]}, 1)'] },
      { code: 'def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x + 1)\n    return sorted(out)\n', shows: /out_set\.add\(out\[-1\]\)/, calls: ['f([1, 2, 3, 1, 4])'] },
    ],
    never: {
      'elements are removed': 'def f(xs):\n    seen = []\n    for x in xs:\n        if x in seen:\n            seen.remove(x)\n        else:\n            seen.append(x)\n    return seen\n',
      'elements are lists': 'def f(xs):\n    seen = []\n    for x in xs:\n        p = [x, x]\n        if p not in seen:\n            seen.append(p)\n    return seen\n',
      'held by another object': 'def f(xs, o):\n    seen = []\n    o.seen = seen\n    for x in xs:\n        if x not in seen:\n            seen.append(x)\n',
      'a closure uses it': 'def f(xs):\n    seen = []\n    def g(x):\n        seen.append(x)\n    for x in xs:\n        if x not in seen:\n            g(x)\n            seen.append(x)\n    return seen\n',
      'a parameter': 'def f(xs, seen):\n    for x in xs:\n        if x not in seen:\n            seen.append(x)\n',
    },
  },
  {
    id: 'py-count-index',
    applies: [
      { code: 'def modes(xs):\n    return {x: xs.count(x) for x in xs}\n', shows: /from collections import Counter\n {4}xs_counts = Counter\(xs\)[\s\S]*xs_counts\[x\]/, calls: ['modes([1, 2, 1])', 'modes("abca")', 'modes([])'] },
      { code: 'def ranks(items, order: list):\n    return sorted(items, key=lambda i: order.index(i))\n', shows: /order_position = \{\}/, calls: ['ranks([3, 1], [1, 2, 3])'] },
    ],
    never: {
      'the list changes': 'def f(xs: list):\n    out = 0\n    for i in range(3):\n        out += xs.count(i)\n        xs.append(i)\n    return out\n',
      'substrings are counted': 'def f(texts):\n    s = "abcabc"\n    return [s.count(t) for t in texts]\n',
      'the error is handled': 'def f(xs: list, ys):\n    for y in ys:\n        try:\n            xs.index(y)\n        except ValueError:\n            pass\n',
    },
  },
  {
    id: 'py-growing-index',
    applies: [
      {
        code: 'def top(words):\n    counts = []\n    for w in words:\n        found = False\n        for entry in counts:\n            if entry[0] == w:\n                entry[1] += 1\n                found = True\n                break\n        if not found:\n            counts.append([w, 1])\n    counts.sort(key=lambda e: (-e[1], e[0]))\n    return counts\n',
        shows: /counts = \[\]\n {4}counts_by_entry = \{\}\n[\s\S]*for entry in counts_by_entry\.get\(w, \(\)\):[\s\S]*counts\.append\(\[w, 1\]\)\n {12}counts_by_entry\.setdefault\(counts\[-1\]\[0\], \[\]\)\.append\(counts\[-1\]\)/,
        calls: ['top(["a", "b", "a"])', 'top([])', 'top([1, 1.0, True, 2])'],
      },
      {
        code: 'def groups(rows):\n    out = []\n    for r in rows:\n        hit = None\n        for g in out:\n            if r["team"] == g["team"]:\n                hit = g\n        if hit is None:\n            hit = {"team": r["team"], "names": []}\n            out.append(hit)\n        hit["names"].append(r["name"])\n    return out\n',
        shows: /for g in out_by_team\.get\(r\["team"\], \(\)\):[\s\S]*out_by_team\.setdefault\(hit\["team"\], \[\]\)\.append\(hit\)/,
        calls: ['groups([{"team": "x", "name": "a"}, {"team": "y", "name": "b"}, {"team": "x", "name": "c"}])', 'groups([])'],
      },
      {
        code: 'def first(pairs):\n    seen = []\n    bad = 0\n    for k, v in pairs:\n        for name, value in seen:\n            if name == k and value != v:\n                bad += 1\n        seen.append((k, v))\n    return bad\n',
        shows: /seen_by_name\.setdefault\(seen\[-1\]\[0\], \[\]\)\.append\(seen\[-1\]\)/,
        calls: ['first([(1, 2), (1, 3), (2, 2), (1, 2)])', 'first([])'],
      },
      {
        code: 'def per_day(days):\n    total = 0\n    for day in days:\n        known = []\n        for x in day:\n            for k in known:\n                if k[0] == x:\n                    total += k[1]\n                    break\n            else:\n                known.append((x, len(known)))\n    return total\n',
        shows: /known = \[\]\n {8}known_by_k = \{\}/,
        calls: ['per_day([[1, 2, 1, 1, 2], [1, 1], []])'],
      },
    ],
    never: {
      'the list is sorted in the loop': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                e[1] += 1\n        a.append([x, 0])\n        a.sort()\n    return a\n',
      'the key changes': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                e[0] = x + 1\n        a.append([x, 0])\n    return a\n',
      'an element loses its first item': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                e.pop(0)\n        a.append([x, 0])\n    return a\n',
      'another name for an element loses its first item': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                x = x\n        a.append([x, 0])\n        last = a[-1]\n        last.insert(0, 7)\n    return a\n',
      'it grows while it is searched': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x and len(a) < 50:\n                a.append([x, 0])\n        a.append([x, 0])\n    return a\n',
      'elements are removed': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                a.remove(e)\n                break\n        a.append([x, 0])\n    return a\n',
      'the loop variable is read later': 'def f(xs):\n    a = []\n    e = None\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                break\n        a.append([x, e])\n    return a\n',
      'it does not grow': 'def f(xs):\n    a = []\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                return e\n    return None\n',
      'a closure uses it': 'def f(xs):\n    a = []\n    def g(x):\n        a.append([x, 0])\n    for x in xs:\n        for e in a:\n            if e[0] == x:\n                return e\n        g(x)\n        a.append([x, 1])\n    return a\n',
      'elements without a match matter': 'def f(xs):\n    a = []\n    n = 0\n    for x in xs:\n        for e in a:\n            n += 1\n            if e[0] == x:\n                break\n        a.append([x, 0])\n    return n\n',
    },
  },
  {
    id: 'py-index-map',
    applies: [
      { code: 'def join(users, orders):\n    out = []\n    for o in orders:\n        for u in users:\n            if u["id"] == o["user"]:\n                out.append((u["name"], o["n"]))\n    return out\n', shows: /for u in users_by_id\.get\(o\["user"\], \(\)\):/, calls: ['join([{"id": 1, "name": "a"}, {"id": 1, "name": "b"}], [{"user": 1, "n": 5}, {"user": 2, "n": 6}])', 'join([], [])'] },
      { code: 'class P:\n    def __init__(self, id): self.id = id\ndef find(ps, ids):\n    return [next((p.id for p in ps if p.id == i), None) for i in ids]\ndef run(n, ids):\n    return find([P(i) for i in range(n)], ids)\n', shows: /ps_by_id\.get\(i, \(\)\) if p\.id == i/, calls: ['run(3, [1, 5, 2])'] },
      { code: 'def two(nums, target):\n    for i in range(len(nums)):\n        for j in range(i + 1, len(nums)):\n            if nums[i] + nums[j] == target:\n                return i, j\n    return None\n', shows: /\.get\(target - nums\[i\], \(\)\)/, calls: ['two([2, 7, 11, 15], 9)', 'two([3, 3], 6)', 'two([1], 2)', 'two([1, 5, 3, 3, 5], 6)'] },
      { code: 'def dups(xs):\n    out = []\n    for i in range(len(xs)):\n        for j in range(len(xs)):\n            if i != j and xs[i] == xs[j] and xs[i] not in out:\n                out.append(xs[i])\n    return out\n', shows: /\.get\(xs\[i\], \(\)\)/, calls: ['dups([1, 2, 1, 3, 2, 1])', 'dups([])'] },
      { code: 'def pairs(xs, ys):\n    return [(a, b) for a, x in xs for b, y in ys if x == y and a != b]\n', shows: /xs|each_b/, calls: ['pairs([(1, 2), (2, 3)], [(5, 2), (6, 3), (1, 2)])'] },
      { code: 'def missing(xs, ys):\n    out = []\n    for x in xs:\n        if not any(y[0] == x for y in ys):\n            out.append(x)\n    return out\n', shows: /for y in ys_by_/, calls: ['missing([1, 2, 3], [(1, 0), (3, 0)])'] },
      { code: 'def f(xs, ys):\n    t = 0\n    for x in xs:\n        for y in ys:\n            if y != x:\n                continue\n            t += y\n    return t\n', shows: /ys_by_value\.get\(x, \(\)\)/, calls: ['f([1, 2, 2], [2, 2, 3])'] },
    ],
    never: {
      'the scanned list changes': 'def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y.k == x.k:\n                y.n = 1\n        ys.append(x)\n',
      'the key is set in the loop': 'def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y.k == x.k:\n                y.k = 0\n',
      'other elements matter too': 'def f(xs, ys):\n    n = 0\n    for x in xs:\n        for y in ys:\n            if y.k == x.k:\n                n += 1\n            else:\n                n -= 1\n    return n\n',
      'the loop variable is read afterwards': 'def f(xs, ys):\n    out = []\n    for x in xs:\n        for y in ys:\n            if y.k == x.k:\n                break\n        out.append(y)\n    return out\n',
      'what is sought changes inside': 'def f(xs, ys):\n    for x in xs:\n        k = x.k\n        for y in ys:\n            if y.k == k:\n                k = y.next\n',
      'an earlier condition has effects': 'def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            if log(y) and y.k == x.k:\n                print(y)\n',
      'unequal ones are wanted': 'def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y.k != x.k:\n                print(y)\n',
      'unequal ones are wanted in a comprehension': 'def f(xs, ys):\n    return [[y for y in ys if y != x] for x in xs], [any(y != x for y in ys) for x in xs], [all(y == x for y in ys) for x in xs]\n',
      'equal ones are skipped': 'def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y.k == x.k:\n                continue\n            print(y)\n',
      'no outer loop': 'def f(x, ys):\n    for y in ys:\n        if y.k == x.k:\n            return y\n',
      'the scanned list depends on the outer loop': 'def f(xs):\n    for x in xs:\n        for y in x.children:\n            if y.k == x.k:\n                print(y)\n',
    },
  },
  {
    id: 'py-memo-recursion',
    applies: [
      { code: 'def fib(n):\n    """Doc."""\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n', shows: /"""Doc\."""\n {4}memo = \{\}\n {4}def fib_memo\(n\):\n {8}key = n\n {8}if key in memo:\n {12}return memo\[key\]/, calls: ['fib(0)', 'fib(10)', '[fib(i) for i in range(8)]'] },
      { code: 'def knap(w, v, i, cap):\n    if i == len(w):\n        return 0\n    best = knap(w, v, i + 1, cap)\n    if w[i] <= cap:\n        best = max(best, v[i] + knap(w, v, i + 1, cap - w[i]))\n    return best\n', shows: /def knap_memo\(i, cap\):[\s\S]*knap_memo\(i \+ 1, cap - w\[i\]\)/, calls: ['knap([1, 3, 4], [15, 20, 30], 0, 4)', 'knap([], [], 0, 4)'] },
      { code: 'def dist(a, b):\n    if not a or not b:\n        return len(a) + len(b)\n    if a[0] == b[0]:\n        return dist(a[1:], b[1:])\n    return 1 + min(dist(a[1:], b), dist(a, b[1:]), dist(a[1:], b[1:]))\n', shows: /key = \(tuple\(a\), tuple\(b\)\)/, calls: ['dist("kitten", "sit")', 'dist("", "x")'] },
      { code: 'class G:\n    def __init__(self, m): self.m = m\n    def paths(self, r, c):\n        if r == 0 or c == 0:\n            return 1\n        return self.paths(r - 1, c) + self.paths(r, c - 1)\n', shows: /paths_memo\(r - 1, c\)/, calls: ['G(1).paths(3, 4)'] },
      { code: 'def change(coins, amount):\n    if amount == 0:\n        return 0\n    best = None\n    for c in coins:\n        if c <= amount:\n            r = change(coins, amount - c)\n            if r is not None and (best is None or r + 1 < best):\n                best = r + 1\n    return best\n', shows: /def change_memo\(amount\)/, calls: ['change([1, 3, 4], 6)', 'change([5], 3)'] },
    ],
    never: {
      'it prints': 'def f(n):\n    print(n)\n    return 0 if n < 1 else f(n - 1) + f(n - 2)\n',
      'it changes a parameter': 'def f(n, out):\n    out.append(n)\n    return 0 if n < 1 else f(n - 1, out) + f(n - 2, out)\n',
      'it writes a global': 'c = 0\ndef f(n):\n    global c\n    c += 1\n    return 0 if n < 1 else f(n - 1) + f(n - 2)\n',
      'it is a generator': 'def f(n):\n    if n:\n        yield from f(n - 1)\n        yield from f(n - 2)\n',
      'already cached': 'import functools\n@functools.lru_cache(None)\ndef f(n):\n    return 0 if n < 1 else f(n - 1) + f(n - 2)\n',
      'one call in a line': 'def f(n):\n    return 0 if n < 1 else 1 + f(n - 1)\n',
      'dicts are passed': 'def f(d, n):\n    if n < 1:\n        return 0\n    return f({**d}, n - 1) + f(d, n - 2)\n',
      'it draws random numbers': 'import random\ndef f(n):\n    return random.random() if n < 1 else f(n - 1) + f(n - 2)\n',
    },
  },
  {
    id: 'py-memo-calls',
    applies: [{ code: 'def collatz(n):\n    steps = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        steps += 1\n    return steps\ndef total(xs):\n    t = 0\n    for x in xs:\n        t += collatz(x)\n    return t\n', shows: /from functools import lru_cache\n {4}t = 0\n {4}collatz_memo = lru_cache\(maxsize=None\)\(collatz\)/, calls: ['total([1, 7, 7, 9])', 'total([])'] }],
    never: {
      'the function prints': 'def g(n):\n    for i in range(n):\n        print(i)\n    return n\ndef f(xs):\n    return [g(x) for x in xs]\n',
      'the function counts its calls': 'calls = 0\ndef g(n):\n    global calls\n    calls += 1\n    return sum(range(n))\ndef f(xs):\n    return [g(x) for x in xs]\n',
      'the result holds a new dict': 'def g(n):\n    d = {}\n    for i in range(n):\n        d[i] = i\n    return n, d\ndef f(xs):\n    return [g(x) for x in xs]\n',
      'the result is a new list': 'def g(n):\n    return [i for i in range(n)]\ndef f(xs):\n    return [g(x) for x in xs]\n',
      'the function is rebound': 'def g(n):\n    for i in range(n):\n        n += i\n    return n\ng = print\ndef f(xs):\n    return [g(x) for x in xs]\n',
    },
  },
  {
    id: 'py-hoist-invariant',
    applies: [
      { code: 'def norm(xs):\n    out = []\n    for x in xs:\n        out.append(x / max(xs))\n    return out\n', shows: /max_xs = max\(xs, default=None\)\n {4}for x in xs:/, calls: ['norm([1, 2, 4])', 'norm([])'] },
      { code: 'import re\ndef grep(lines, p):\n    out = []\n    for l in lines:\n        if re.compile(p).search(l):\n            out.append(l)\n    return out\n', shows: /compile_p = re\.compile\(p\)/, calls: ['grep(["ab", "b"], "a")'] },
      { code: 'def f(xs, ys):\n    return [x for x in xs if x in sorted(ys)]\n', shows: /sorted_ys = sorted\(ys\)/, calls: ['f([1, 5], [5, 2])'] },
      { code: 'def score(t, words):\n    n = 0\n    for w in words:\n        if w in t.lower().split():\n            n += 1\n    return n\n', shows: / = t\.lower\(\)\.split\(\)\n {4}for w/, calls: ['score("A b C", ["a", "b", "x"])'] },
    ],
    never: {
      'the argument changes': 'def f(xs):\n    t = 0\n    while len(xs) > 1:\n        t += sum(xs)\n        xs.pop()\n    return t\n',
      'each turn needs its own list': 'def f(xs, n):\n    out = []\n    for i in range(n):\n        row = sorted(xs)\n        row[0] = i\n        out.append(row)\n    return out\n',
      'the result is kept': 'def f(xs, n):\n    out = []\n    for i in range(n):\n        out.append(list(xs))\n    return out\n',
      'the builtin is shadowed': 'def f(xs, max):\n    return [x / max(xs) for x in xs]\n',
      'a condition guards the lookup': 'def f(keys, d):\n    out = []\n    for k in keys:\n        if k == "b":\n            out.append(d["b"].lower())\n    return out\n',
      'sets change': 'def f(xs, a, b):\n    n = 0\n    for x in xs:\n        n += len(a - b)\n        a.add(x)\n    return n\n',
      'it depends on the loop variable': 'def f(xs):\n    return [sum(x) for x in xs]\n',
    },
  },
  {
    id: 'py-hoist-row',
    applies: [{ code: 'def f(m, n):\n    t = 0\n    for i in range(n):\n        for j in range(n):\n            t += m[i][j] * m[i][j - 1]\n            m[i][j] = t\n    return t, m\n', shows: /m_row = m\[i\]\n {8}for j in range\(n\):\n {12}t \+= m_row\[j\] \* m_row\[j - 1\]\n {12}m_row\[j\] = t/, calls: ['f([[1, 2], [3, 4]], 2)', 'f([], 0)'] }],
    never: {
      'rows are replaced': 'def f(m, n):\n    for i in range(n):\n        for j in range(n):\n            m[i] = [m[i][j]]\n    return m\n',
      'the index moves': 'def f(m, n):\n    t = 0\n    i = 0\n    for j in range(n):\n        t += m[i][j]\n        i += 1\n    return t\n',
      'the index is tested first': 'def f(m, n):\n    t = 0\n    for i in range(n):\n        for j in range(n):\n            if i + 1 < n and j + 1 < n:\n                t += m[i + 1][j + 1]\n    return t\n',
      'the table is given away': 'def f(m, n):\n    for i in range(n):\n        for j in range(n):\n            g(m)\n            m[i][j] = 1\n',
    },
  },
  {
    id: 'py-hoist-attribute',
    applies: [
      { code: 'import math\ndef f(xs):\n    return [math.sqrt(x) for x in xs]\n', shows: /sqrt_local = math\.sqrt\n {4}return \[sqrt_local\(x\) for x in xs\]/, calls: ['f([1, 4])'] },
      { code: 'class A:\n    def __init__(self): self.k = 3\n    def f(self, xs):\n        t = 0\n        for x in xs:\n            t += self.k * x\n        return t\n', shows: /k_local = self\.k/, calls: ['A().f([1, 2])'] },
    ],
    never: {
      'the attribute is set': 'class A:\n    def f(self, xs):\n        for x in xs:\n            self.k = self.k + x\n',
      'an unknown method may set it': 'class A:\n    def f(self, xs):\n        t = 0\n        for x in xs:\n            self.step()\n            t += self.k\n        return t\n',
      'the module name is rebound': 'import math\nmath = None\ndef f(xs):\n    return [math.sqrt(x) for x in xs]\n',
    },
  },
  {
    id: 'py-slice-recursion',
    applies: [
      { code: 'def total(xs):\n    if not xs:\n        return 0\n    return xs[0] + total(xs[1:])\n', shows: /return xs\[xs_from\] \+ total_xs_from\(xs_from \+ 1\)/, calls: ['total([1, 2, 3])', 'total([])'] },
      { code: 'def count(xs, y):\n    if len(xs) == 0:\n        return 0\n    elif xs[0] == y:\n        return 1 + count(xs[1:], y)\n    return count(xs[1:], y)\n', shows: /max\(len\(xs\) - xs_from, 0\) == 0/, calls: ['count([1, 2, 1], 1)', 'count("", "a")'] },
    ],
    never: {
      'the rest is used otherwise': 'def f(xs):\n    if not xs:\n        return []\n    return xs[1:] + f(xs[1:])\n',
      'another list is passed': 'def f(xs, ys):\n    if not xs:\n        return 0\n    return f(xs[1:], ys) + f(ys, xs)\n',
      'the parameter is rebound': 'def f(xs):\n    if not xs:\n        return 0\n    xs = xs[1:]\n    return 1 + f(xs[1:])\n',
    },
  },
];
