// Examples for the rewrites of sequences, queues, sums and numbers: where they apply, and where they must not.

import type { Case } from './cases-lookup.ts';

export const sequenceCases: readonly Case[] = [
  {
    id: 'py-list-append',
    applies: [
      { code: 'def f(n):\n    acc = []\n    for i in range(n):\n        acc = acc + [i * i]\n    return acc\n', shows: /acc\.append\(i \* i\)/, calls: ['f(4)', 'f(0)'] },
      { code: 'def f(rows):\n    acc = []\n    for r in rows:\n        acc = acc + [x for x in r]\n    return acc\n', shows: /acc\.extend\(\[x for x in r\]\)/, calls: ['f([[1], [2, 3]])'] },
    ],
    never: {
      'an older list is kept': 'def f(n):\n    acc = []\n    out = []\n    for i in range(n):\n        acc = acc + [i]\n        out.append(acc)\n    return out\n',
      'another name holds it': 'def f(n):\n    acc = [0]\n    first = acc\n    for i in range(n):\n        acc = acc + [i]\n    return first, acc\n',
      'a loop runs over it': 'def f():\n    acc = [1, 2]\n    for x in acc:\n        acc = acc + [x]\n    return acc\n',
      'a parameter': 'def f(acc, n):\n    for i in range(n):\n        acc = acc + [i]\n    return acc\n',
      'in front': 'def f(n):\n    acc = []\n    for i in range(n):\n        acc = [i] + acc\n    return acc\n',
    },
  },
  {
    id: 'py-tuple-append',
    applies: [{ code: 'def f(n):\n    acc = ()\n    for i in range(n):\n        if i % 2:\n            acc = acc + (i,)\n        else:\n            acc += (i, -i)\n    return acc\n', shows: /acc_list\.append\(i\)[\s\S]*acc_list\.extend\(\(i, -i\)\)\n {4}acc = tuple\(acc_list\)/, calls: ['f(5)', 'f(0)'] }],
    never: {
      'it is read in the loop': 'def f(n):\n    acc = ()\n    for i in range(n):\n        if i not in acc:\n            acc = acc + (i,)\n    return acc\n',
      'a list is added': 'def f(xs):\n    acc = ()\n    for x in xs:\n        acc += x\n    return acc\n',
      'a handler may see it': 'def f(xs):\n    acc = ()\n    try:\n        acc = ()\n        for x in xs:\n            acc += (1 / x,)\n    except ZeroDivisionError:\n        return acc\n',
    },
  },
  {
    id: 'py-string-join',
    applies: [
      { code: "def f(xs):\n    s = ''\n    for x in xs:\n        s += str(x)\n        s = s + ',' + '-'\n    return s\n", shows: /s_parts\.append\(str\(x\)\)\n {8}s_parts\.extend\(\(',', '-'\)\)\n {4}s = s \+ ''\.join\(s_parts\)/, calls: ['f([1, 2])', 'f([])'] },
      { code: "def rev(t):\n    s = ''\n    for c in t:\n        s = c + s\n    return s\n", shows: /s = ''\.join\(reversed\(s_parts\)\) \+ s/, calls: ['rev("abc")'] },
    ],
    never: {
      'it is read in the loop': "def f(xs):\n    s = ''\n    for x in xs:\n        s += x\n        if len(s) > 3:\n            break\n    return s\n",
      'it is a number': 'def f(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n',
      'both ends grow': "def f(xs):\n    s = ''\n    for x in xs:\n        s = x + s + x\n    return s\n",
      'a closure reads it': "def f(xs):\n    s = ''\n    def g():\n        return s\n    for x in xs:\n        s += x\n    return g()\n",
      'a handler may see it': "def f(xs):\n    s = ''\n    try:\n        s = ''\n        for x in xs:\n            s += x\n    except TypeError:\n        pass\n    return s\n",
    },
  },
  {
    id: 'py-front-insert',
    applies: [
      { code: 'def f(xs):\n    out = []\n    for x in xs:\n        out.insert(0, x * 2)\n    return out\n', shows: /out\.append\(x \* 2\)\n {4}out\.reverse\(\)/, calls: ['f([1, 2, 3])', 'f([])'] },
      { code: 'def bits(n):\n    out = []\n    while n:\n        out = [n % 2] + out\n        n //= 2\n    return out\n', shows: /out\.append\(n % 2\)/, calls: ['bits(6)', 'bits(0)'] },
    ],
    never: {
      'it is read in the loop': 'def f(xs):\n    out = []\n    for x in xs:\n        out.insert(0, len(out))\n    return out\n',
      'it starts with several': 'def f(xs):\n    out = [1, 2]\n    for x in xs:\n        out.insert(0, x)\n    return out\n',
      'another position': 'def f(xs):\n    out = []\n    for x in xs:\n        out.insert(1, x)\n    return out\n',
    },
  },
  {
    id: 'py-deque',
    applies: [
      { code: 'def bfs(graph, start):\n    seen = {start}\n    queue = [start]\n    order = []\n    while queue:\n        node = queue.pop(0)\n        order.append(node)\n        for n in graph.get(node, []):\n            if n not in seen:\n                seen.add(n)\n                queue.append(n)\n    return order\n', shows: /from collections import deque[\s\S]*queue = deque\(\[start\]\)[\s\S]*queue\.popleft\(\)/, calls: ['bfs({1: [2, 3], 2: [4], 3: [4]}, 1)'] },
      { code: 'def f(n):\n    q = list(range(n))\n    out = 0\n    while len(q) > 0:\n        out += q[0]\n        q = q[1:]\n    return out\n', shows: /q\.popleft\(\)/, calls: ['f(5)', 'f(0)'] },
    ],
    never: {
      'it is returned': 'def f(n):\n    q = list(range(n))\n    for i in range(3):\n        q.pop(0)\n    return q\n',
      'it is sliced': 'def f(n):\n    q = list(range(n))\n    while q:\n        q.pop(0)\n        print(q[:2])\n',
      'a parameter': 'def f(q):\n    while q:\n        q.pop(0)\n',
      'it is given away': 'def f(n):\n    q = list(range(n))\n    while q:\n        g(q)\n        q.pop(0)\n',
    },
  },
  {
    id: 'py-heap',
    applies: [
      { code: 'def dijkstra(g, s):\n    dist = {s: 0}\n    q = [(0, s)]\n    while q:\n        q.sort()\n        d, u = q.pop(0)\n        for v, w in g.get(u, []):\n            if d + w < dist.get(v, 10**9):\n                dist[v] = d + w\n                q.append((d + w, v))\n    return dist\n', shows: /from heapq import heappush[\s\S]*d, u = heappop\(q\)[\s\S]*heappush\(q, \(d \+ w, v\)\)/, calls: ['dijkstra({1: [(2, 4), (3, 1)], 3: [(2, 1)]}, 1)'] },
      { code: 'def merge(xs):\n    q = list(xs)\n    cost = 0\n    while len(q) > 1:\n        a = min(q)\n        q.remove(a)\n        b = min(q)\n        q.remove(b)\n        cost += a + b\n        q.append(a + b)\n    return cost\n', shows: /heapify\(q\)[\s\S]*a = heappop\(q\)\n {8}b = heappop\(q\)/, calls: ['merge([4, 3, 2, 6])', 'merge([])'] },
    ],
    never: {
      'the order inside is read': 'def f(n):\n    q = [3, 1]\n    while q:\n        q.sort()\n        a = q.pop(0)\n        for x in q:\n            print(x)\n        q.append(a)\n',
      'sorted by a key': 'def f(q0):\n    q = list(q0)\n    while len(q) > 1:\n        q.sort(key=abs)\n        a = q.pop(0)\n        q.append(a + 1)\n',
      'popped without sorting': 'def f():\n    q = [3, 1]\n    while len(q) > 1:\n        a = q.pop(0)\n        q.append(a)\n        q.sort()\n',
    },
  },
  {
    id: 'py-insort',
    applies: [{ code: 'def medians(xs):\n    seen = []\n    out = []\n    for x in xs:\n        seen.append(x)\n        seen.sort()\n        out.append(seen[len(seen) // 2])\n    return out\n', shows: /insort\(seen, x\)\n {8}out/, calls: ['medians([5, 1, 4, 4])', 'medians([])'] }],
    never: {
      'it starts unsorted': 'def f(xs):\n    seen = [3, 1, 2]\n    for x in xs:\n        seen.append(x)\n        seen.sort()\n    return seen\n',
      'it is stored to': 'def f(xs):\n    seen = []\n    for x in xs:\n        seen.append(x)\n        seen.sort()\n        seen[0] = 100\n    return seen\n',
      'sorted in reverse': 'def f(xs):\n    seen = []\n    for x in xs:\n        seen.append(x)\n        seen.sort(reverse=True)\n    return seen\n',
    },
  },
  {
    id: 'py-select',
    applies: [
      { code: 'def f(xs):\n    return sorted(xs)[0], sorted(xs)[-1], sorted(xs, key=abs)[0], sorted(xs, reverse=True)[0]\n', shows: /min\(xs\)/, calls: ['f([3, -1, 2])'] },
      { code: 'def f(xs, k):\n    ys = sorted(xs, reverse=True)\n    return ys[:k]\n', shows: /from heapq import nlargest\n {4}return nlargest\(k, xs\)/, calls: ['f([3, 1, 2], 2)', 'f([], 2)'] },
    ],
    never: {
      'the last by a key': 'def f(xs):\n    return sorted(xs, key=abs)[-1]\n',
      'the middle': 'def f(xs):\n    return sorted(xs)[len(xs) // 2]\n',
      'the error is handled': 'def f(xs):\n    try:\n        return sorted(xs)[0]\n    except IndexError:\n        return None\n',
      'min is shadowed': 'def f(xs, min):\n    return sorted(xs)[0]\n',
    },
  },
  {
    id: 'py-needless-copy',
    applies: [
      { code: 'def f(d, xs):\n    n = 0\n    for x in list(xs):\n        if x in d.keys():\n            n += 1\n    for k in list(d.keys()):\n        n += d[k]\n    return n, sum(list(xs))\n', shows: /for x in xs:/, calls: ['f({1: 2}, [1, 3])'] },
    ],
    never: {
      'the dict changes in the loop': 'def f(d):\n    for k in list(d.keys()):\n        if d[k] < 0:\n            del d[k]\n    return d\n',
      'the list changes in the loop': 'def f(xs):\n    for x in xs[:]:\n        if x < 0:\n            xs.remove(x)\n    return xs\n',
      'the copy is kept': 'def f(xs):\n    ys = list(xs)\n    ys.append(1)\n    return ys\n',
    },
  },
  {
    id: 'py-lazy-argument',
    applies: [{ code: 'def f(xs):\n    return any([x > 1 for x in xs]), set([x % 3 for x in xs]), len([x for x in xs if x > 2]) > 0, len([x for x in xs if x]) == 0\n', shows: /any\(x > 1 for x in xs\)/, calls: ['f([1, 2, 3])', 'f([])'] }],
    never: {
      'the element has effects': 'def f(xs):\n    return any([save(x) for x in xs])\n',
      'any is shadowed': 'def f(xs, any):\n    return any([x > 1 for x in xs])\n',
      'the number is needed': 'def f(xs):\n    return len([x for x in xs if x]) > 2\n',
    },
  },
  {
    id: 'py-deepcopy',
    applies: [{ code: 'import copy\ndef step(grid):\n    new = copy.deepcopy(grid)\n    for i in range(len(grid)):\n        new[i][0] = grid[i][1]\n    return new, grid\n', shows: /new = \[list\(row\) for row in grid\]/, calls: ['step([[1, 2], [3, 4]])'] }],
    never: {
      'three levels': 'import copy\ndef f(g):\n    n = copy.deepcopy(g)\n    n[0][0][0] = 1\n    return n\n',
      'a dict': 'import copy\ndef f(d):\n    n = copy.deepcopy(d)\n    n["a"]["b"] = 1\n    return n\n',
      'depth unknown': 'import copy\ndef f(d):\n    return copy.deepcopy(d)\n',
    },
  },
  {
    id: 'py-comprehension',
    applies: [{ code: 'def f(xs):\n    out = []\n    for x in xs:\n        if x % 2:\n            out.append(x * x)\n    return out\n', shows: /out = \[x \* x for x in xs if x % 2\]\n {4}return out/, calls: ['f([1, 2, 3])'] }],
    never: {
      'the list is read': 'def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n',
      'the variable is read afterwards': 'def f(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    return out, x\n',
      'a comment would be lost': 'def f(xs):\n    out = []\n    for x in xs:\n        # why\n        out.append(x)\n    return out\n',
      'there is an else': 'def f(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    else:\n        print(1)\n    return out\n',
    },
  },
  {
    id: 'py-range-len',
    applies: [
      { code: 'def f(xs):\n    t = 0\n    for i in range(len(xs)):\n        t += xs[i] * xs[i]\n    return t\n', shows: /for xs_item in xs:\n {8}t \+= xs_item \* xs_item/, calls: ['f([1, 2])', 'f([])'] },
      { code: 'def f(xs):\n    return [xs[i] * i for i in range(len(xs))]\n', shows: /for i, xs_item in enumerate\(xs\)/, calls: ['f([5, 6])'] },
    ],
    never: {
      'items are set': 'def f(xs):\n    for i in range(len(xs)):\n        xs[i] = xs[i] + 1\n    return xs\n',
      'the list is rebound': 'def f(xs):\n    t = 0\n    for i in range(len(xs)):\n        t += xs[i]\n        xs = xs + [0]\n    return t\n',
      'the index is moved': 'def f(xs):\n    t = 0\n    for i in range(len(xs)):\n        i = 0\n        t += xs[i]\n    return t\n',
    },
  },
  {
    id: 'py-early-exit',
    applies: [{ code: 'def f(xs):\n    found = False\n    for x in xs:\n        y = x * x\n        if y == 9:\n            found = True\n    return found\n', shows: /found = True\n {12}break/, calls: ['f([1, 3, 5])', 'f([])'] }],
    never: {
      'other work is done': 'def f(xs):\n    found = False\n    for x in xs:\n        print(x)\n        if x == 9:\n            found = True\n    return found\n',
      'the condition has effects': 'def f(xs):\n    found = False\n    for x in xs:\n        if save(x):\n            found = True\n    return found\n',
      'the last one counts': 'def f(xs):\n    last = None\n    for x in xs:\n        if x > 9:\n            last = x\n    return last\n',
      'the variable is read afterwards': 'def f(xs):\n    found = False\n    for x in xs:\n        if x > 9:\n            found = True\n    return found, x\n',
    },
  },
  {
    id: 'py-builtin-sum',
    applies: [
      { code: 'def f(xs, i, k):\n    t = 0\n    for j in range(i, i + k):\n        t += xs[j]\n    for x in xs:\n        if x > 1:\n            t += x * x\n    return t\n', shows: /t \+= sum\(xs\[i:i \+ k\]\)/, calls: ['f([1, 2, 3], 1, 2)'] },
      { code: 'def f(xs):\n    n = 0\n    for x in xs:\n        if x > 1:\n            n += 1\n    return n\n', shows: /n \+= sum\(1 for x in xs if x > 1\)/, calls: ['f([1, 2, 3])', 'f([])'] },
    ],
    never: {
      'the sum is read inside': 'def f(xs):\n    t = 0\n    for x in xs:\n        t += t + x\n    return t\n',
      'strings are joined': "def f(xs):\n    t = ''\n    for x in xs:\n        t += x\n    return t\n",
      'sum is shadowed': 'def f(xs, sum):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n',
    },
  },
  {
    id: 'py-builtin-max',
    applies: [{ code: 'def f(xs):\n    best = xs[0]\n    for x in xs:\n        if x > best:\n            best = x\n    low = 10\n    for x in xs:\n        if abs(x) < low:\n            low = abs(x)\n    return best, low\n', shows: /best = max\(best, max\(xs, default=best\)\)/, calls: ['f([1, 5, -2])'] }],
    never: {
      'more is kept': 'def f(xs):\n    best = 0\n    for x in xs:\n        if x > best:\n            best = x\n            where = x\n    return best, where\n',
      'ties take the later': 'def f(xs):\n    best = xs[0]\n    for x in xs:\n        if x >= best:\n            best = x\n    return best\n',
    },
  },
  {
    id: 'py-prefix-sums',
    applies: [
      { code: 'def f(xs, k):\n    return [sum(xs[i:i + k]) for i in range(len(xs))]\n', shows: /xs_prefix = \[0, \*accumulate\(xs\)\]/, calls: ['f([1, 2, 3, 4], 2)', 'f([], 2)'] },
      { code: 'def avg(xs, k):\n    out = []\n    for i in range(len(xs) - k + 1):\n        part = xs[i:i + k]\n        out.append(sum(part) / k)\n    return out\n', shows: /xs_size\)\]\) \/ k/, calls: ['avg([1, 2, 3, 4], 2)', 'avg([], 2)'] },
      { code: 'def pivot(xs):\n    for i in range(len(xs)):\n        if sum(xs[:i]) == sum(xs[i + 1:]):\n            return i\n    return -1\n', shows: /xs_prefix\[min\(i, xs_size\)\] == \(xs_prefix\[-1\] - xs_prefix\[min\(i \+ 1, xs_size\)\]\)/, calls: ['pivot([1, 7, 3, 6, 5, 6])', 'pivot([])', 'pivot([2, 1, -1])'] },
    ],
    never: {
      'the list changes': 'def f(xs):\n    for i in range(len(xs)):\n        xs[i] = sum(xs[:i])\n    return xs\n',
      'counted from the end': 'def f(xs):\n    return [sum(xs[-i:]) for i in range(3)]\n',
      'with a step': 'def f(xs):\n    return [sum(xs[i::2]) for i in range(3)]\n',
    },
  },
  {
    id: 'py-prefix-max',
    applies: [{ code: 'def water(h):\n    t = 0\n    for i in range(len(h)):\n        t += min(max(h[:i + 1]), max(h[i:])) - h[i]\n    return t\n', shows: /h_max_until = list\(accumulate\(h, max\)\)/, calls: ['water([0, 1, 0, 2, 1, 0, 3])', 'water([])'] }],
    never: {
      'the list changes': 'def f(h):\n    for i in range(1, len(h)):\n        h[i] = max(h[:i])\n    return h\n',
      'a window': 'def f(h, k):\n    return [max(h[i:i + k]) for i in range(len(h))]\n',
    },
  },
  {
    id: 'py-divisor-search',
    applies: [
      { code: 'def prime(n):\n    if n < 2:\n        return False\n    for d in range(2, n):\n        if n % d == 0:\n            return False\n    return True\n', shows: /range\(2, isqrt\(max\(n, 0\)\) \+ 1\)/, calls: ['[prime(i) for i in range(-3, 60)]'] },
      { code: 'def prime(n):\n    if n == 2:\n        return True\n    if n < 2 or n % 2 == 0:\n        return False\n    d = 2\n    while d < n:\n        if n % d == 0:\n            return False\n        d += 1\n    return True\n', shows: /while d \* d <= n:/, calls: ['[prime(i) for i in range(60)]'] },
    ],
    never: {
      'all divisors are wanted': 'def f(n):\n    out = []\n    for d in range(2, n):\n        if n % d == 0:\n            out.append(d)\n    return out\n',
      'it starts at 3 without a test of 2': 'def f(n):\n    for d in range(3, n, 2):\n        if n % d == 0:\n            return False\n    return True\n',
      'n changes': 'def f(n):\n    for d in range(2, n):\n        if n % d == 0:\n            n = n // d\n            break\n    return n\n',
    },
  },
  {
    id: 'py-divisor-pairs',
    applies: [
      { code: 'def f(n):\n    t = 0\n    c = 0\n    for d in range(1, n):\n        if n % d == 0:\n            t += d\n    for d in range(1, n + 1):\n        if n % d == 0:\n            c += 1\n    return t, c\n', shows: /isqrt/, calls: ['[f(i) for i in range(0, 50)]'] },
      { code: 'def f(n):\n    out = []\n    for d in range(1, n + 1):\n        if n % d == 0:\n            out.append(d)\n    return out\n', shows: /out\.sort\(\)/, calls: ['[f(i) for i in range(0, 50)]'] },
    ],
    never: {
      'the order matters': 'def f(n):\n    out = [99]\n    for d in range(1, n + 1):\n        if n % d == 0:\n            out.append(d)\n    return out\n',
      'strings grow': "def f(n):\n    s = ''\n    for d in range(1, n + 1):\n        if n % d == 0:\n            s += str(d)\n    return s\n",
    },
  },
  {
    id: 'py-modular-power',
    applies: [{ code: 'def f(a, b, m):\n    return a ** b % m, pow(a, b) % m, (a ** b) % m\n', shows: /pow\(a, b, m\)/, calls: ['f(3, 20, 7)', 'f(-3, 5, 7)', 'f(2, 0, 1)'] }],
    never: { 'a float base': 'def f(b, m):\n    return 1.5 ** b % m\n', 'pow is shadowed': 'def f(a, b, m, pow):\n    return a ** b % m\n', 'a negative exponent': 'def f(a, m):\n    return a ** -2 % m\n' },
  },
  {
    id: 'py-cheaper-numbers',
    applies: [{ code: 'import math\ndef f(x, a, b):\n    return x ** 2 + int(a / b) + math.floor((a + 1) / b)\n', shows: /\(x \* x\)/, calls: ['f(3, 7, 2)'] }],
    never: { 'floats are divided': 'def f(a):\n    return int(a / 0.5)\n', 'int is shadowed': 'def f(a, b, int):\n    return int(a / b)\n', 'a call is squared': 'def f(g):\n    return g() ** 2\n' },
  },
  {
    id: 'py-dict-get',
    applies: [
      { code: 'def f(xs):\n    d = {}\n    for x in xs:\n        if x in d:\n            d[x] += 1\n        else:\n            d[x] = 1\n    return d\n', shows: /d\[x\] = d\.get\(x, 0\) \+ 1/, calls: ['f([1, 2, 1])'] },
      { code: 'def f(xs):\n    d = {}\n    for k, v in xs:\n        if k not in d:\n            d[k] = []\n        d[k].append(v)\n    return d\n', shows: /d\.setdefault\(k, \[\]\)\.append\(v\)/, calls: ['f([(1, 2), (1, 3)])'] },
      { code: 'def f(d, k):\n    if k in d:\n        v = d[k]\n    else:\n        v = 0\n    return v\n', shows: /v = d\.get\(k, 0\)/, calls: ['f({1: 2}, 1)', 'f({}, 1)'] },
    ],
    never: {
      'the default has effects': 'def f(d, k):\n    if k in d:\n        v = d[k]\n    else:\n        v = make(k)\n    return v\n',
      'other keys': 'def f(d, k, j):\n    if k in d:\n        v = d[j]\n    else:\n        v = 0\n    return v\n',
      'a list': 'def f(k):\n    d = [1, 2]\n    if k in d:\n        v = d[k]\n    else:\n        v = 0\n    return v\n',
    },
  },
];
