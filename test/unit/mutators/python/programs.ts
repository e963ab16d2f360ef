// Ordinary slow functions, and calls of them on random inputs (`rng` is a seeded generator of the module).

export const programText = `
import copy
import random

rng = random.Random(0)

class Item:
    def __init__(self, sku, n):
        self.sku = sku
        self.price = n
        self.qty = n
def find_duplicates(items):
    duplicates = []
    for i in range(len(items)):
        for j in range(len(items)):
            if i != j and items[i] == items[j] and items[i] not in duplicates:
                duplicates.append(items[i])
    return duplicates

class Inventory:
    def __init__(self, items):
        self.items = items
    def match(self, orders):
        total = 0
        for order in orders:
            for item in self.items:
                if item.sku == order.sku:
                    total += item.price * order.qty
                    break
        return total
    def has_all(self, names):
        for n in names:
            if n not in self.items:
                return False
        return True

def word_freq(text):
    words = text.split()
    freq = {}
    for w in words:
        freq[w] = words.count(w)
    return sorted(freq.items(), key=lambda kv: kv[1], reverse=True)[:10]

def matmul(a, b):
    n = len(a)
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * b[k][j]
    return c

def primes(limit):
    out = []
    for n in range(2, limit):
        is_prime = True
        for d in range(2, n):
            if n % d == 0:
                is_prime = False
                break
        if is_prime:
            out.append(n)
    return out

def grid_paths(grid, r, c):
    if r >= len(grid) or c >= len(grid[0]) or grid[r][c]:
        return 0
    if (r, c) == (len(grid) - 1, len(grid[0]) - 1):
        return 1
    return grid_paths(grid, r + 1, c) + grid_paths(grid, r, c + 1)

def moving_avg(data, window):
    result = []
    for i in range(len(data) - window + 1):
        chunk = data[i:i + window]
        result.append(sum(chunk) / window)
    return result

def group(rows):
    keys = []
    for r in rows:
        if r["k"] not in keys:
            keys.append(r["k"])
    out = {}
    for k in keys:
        out[k] = [r["v"] for r in rows if r["k"] == k]
    return out

def topk(stream, k):
    best = []
    for x in stream:
        best.append(x)
        best.sort(reverse=True)
        best = best[:k]
    return best

def has_cycle(graph):
    visited = []
    def visit(n, path):
        if n in path:
            return True
        if n in visited:
            return False
        visited.append(n)
        for m in graph[n]:
            if visit(m, path + [n]):
                return True
        return False
    return any(visit(n, []) for n in graph)

def csv_line(rows):
    out = ""
    for row in rows:
        line = ""
        for i, cell in enumerate(row):
            if i > 0:
                line += ","
            line += str(cell)
        out += line + "\\n"
    return out

def common_prefix(a, b):
    longest = ""
    for i in range(len(a)):
        for j in range(i + 1, len(a) + 1):
            if a[i:j] in b and len(a[i:j]) > len(longest):
                longest = a[i:j]
    return longest

def topo(deps):
    order = []
    todo = list(deps)
    while todo:
        for t in todo[:]:
            if all(d in order for d in deps[t]):
                order.append(t)
                todo.remove(t)
    return order

def lis(xs):
    best = [1] * len(xs)
    for i in range(len(xs)):
        for j in range(i):
            if xs[j] < xs[i]:
                best[i] = max(best[i], best[j] + 1)
    return max(best)

def anagrams(words):
    groups = []
    for w in words:
        for g in groups:
            if sorted(g[0]) == sorted(w):
                g.append(w)
                break
        else:
            groups.append([w])
    return groups

def closest(points):
    best = None
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            d = ((points[i][0] - points[j][0]) ** 2 + (points[i][1] - points[j][1]) ** 2) ** 0.5
            if best is None or d < best:
                best = d
    return best

def intersect(a, b):
    return [x for x in a if x in b]

def life(board):
    new = copy.deepcopy(board)
    for r in range(len(board)):
        for c in range(len(board[0])):
            n = 0
            for dr in (-1, 0, 1):
                for dc in (-1, 0, 1):
                    if (dr or dc) and 0 <= r + dr < len(board) and 0 <= c + dc < len(board[0]):
                        n += board[r + dr][c + dc]
            new[r][c] = 1 if n == 3 or (n == 2 and board[r][c]) else 0
    return new

def perfect(limit):
    out = []
    for n in range(1, limit):
        s = 0
        for i in range(1, n):
            if n % i == 0:
                s += i
        if s == n:
            out.append(n)
    return out

def lookup(emps, depts):
    result = []
    for e in emps:
        dept = None
        for d in depts:
            if d["id"] == e["dept_id"]:
                dept = d
        result.append((e["name"], dept["name"] if dept else None))
    return result

def dup_any(xs):
    for i, x in enumerate(xs):
        if x in xs[i + 1:]:
            return True
    return False

def tokens(s):
    out = []
    while s:
        if s[0] == " ":
            s = s[1:]
        else:
            out.append(s[0])
            s = s[1:]
    return out

def pair_sum(nums, target):
    out = []
    for i, a in enumerate(nums):
        for j in range(i + 1, len(nums)):
            if a + nums[j] == target:
                out.append((i, j))
    return out

def best_sell(prices):
    best = 0
    for i in range(1, len(prices)):
        if prices[i] - min(prices[:i]) > best:
            best = prices[i] - min(prices[:i])
    return best

def lcs(a, b):
    if not a or not b:
        return ""
    if a[-1] == b[-1]:
        return lcs(a[:-1], b[:-1]) + a[-1]
    left = lcs(a[:-1], b)
    right = lcs(a, b[:-1])
    return left if len(left) >= len(right) else right

def permute(xs):
    if len(xs) <= 1:
        return [xs]
    out = []
    for i in range(len(xs)):
        for rest in permute(xs[:i] + xs[i + 1:]):
            out = out + [[xs[i]] + rest]
    return out

def simulate(jobs):
    queue = []
    log = ""
    done = ()
    for at, cost in jobs:
        queue.append((cost, at))
        queue.sort()
        if at % 2 == 0:
            c, a = queue.pop(0)
            log += str(a) + ":" + str(c) + ";"
            done += (a,)
    return log, done, len(queue)

def levels(tree, root):
    out = []
    queue = [(root, 0)]
    seen = []
    while len(queue) > 0:
        node, depth = queue.pop(0)
        if node in seen:
            continue
        seen.append(node)
        if depth == len(out):
            out = out + [[]]
        out[depth].append(node)
        for child in tree.get(node, []):
            queue.append((child, depth + 1))
    return out

def mode(xs):
    best, n = None, 0
    for x in xs:
        if xs.count(x) > n:
            best, n = x, xs.count(x)
    return best

def unequal(xs, ys):
    out = []
    for x in xs:
        for y in ys:
            if y != x:
                out.append((x, y))
    return out, [all(y != x for y in ys) for x in xs], [any(x != y for y in ys) for x in xs]
`;

/** For each function, a call that draws new inputs each time. */
export const programCalls: readonly string[] = [
  'find_duplicates([rng.randrange(5) for _ in range(rng.randrange(9))])',
  'Inventory([Item(rng.randrange(4), rng.randrange(9)) for _ in range(6)]).match([Item(rng.randrange(5), 2) for _ in range(5)])',
  'Inventory([rng.randrange(4) for _ in range(6)]).has_all([rng.randrange(4) for _ in range(3)])',
  'word_freq(" ".join(rng.choice("abcd") for _ in range(rng.randrange(9))))',
  'matmul([[rng.randrange(9) for _ in range(3)] for _ in range(3)], [[rng.randrange(9) for _ in range(3)] for _ in range(3)])',
  'primes(rng.randrange(60))',
  'grid_paths([[rng.random() < .2 for _ in range(4)] for _ in range(4)], 0, 0)',
  'moving_avg([rng.randrange(9) for _ in range(rng.randrange(9))], 1 + rng.randrange(4))',
  'group([{"k": rng.randrange(3), "v": rng.randrange(9)} for _ in range(rng.randrange(7))])',
  'topk([rng.randrange(9) for _ in range(rng.randrange(9))], 3)',
  'has_cycle({i: [rng.randrange(6) for _ in range(rng.randrange(2))] for i in range(6)})',
  'csv_line([[rng.randrange(9), "x"] for _ in range(rng.randrange(4))])',
  'common_prefix("".join(rng.choice("ab") for _ in range(6)), "".join(rng.choice("ab") for _ in range(6)))',
  'topo({i: [j for j in range(i) if rng.random() < .4] for i in range(6)})',
  'lis([rng.randrange(9) for _ in range(1 + rng.randrange(9))])',
  'anagrams(["".join(rng.choice("ab") for _ in range(2)) for _ in range(6)])',
  'closest([(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(5))])',
  'intersect([rng.randrange(9) for _ in range(5)], [rng.randrange(9) for _ in range(5)])',
  'life([[rng.randrange(2) for _ in range(4)] for _ in range(4)])',
  'perfect(rng.randrange(40))',
  'lookup([{"name": i, "dept_id": rng.randrange(4)} for i in range(5)], [{"id": rng.randrange(4), "name": i} for i in range(rng.randrange(5))])',
  'dup_any([rng.randrange(9) for _ in range(rng.randrange(5))])',
  'tokens("".join(rng.choice("ab ") for _ in range(6)))',
  'pair_sum([rng.randrange(6) for _ in range(7)], 6)',
  'best_sell([rng.randrange(9) for _ in range(rng.randrange(7))])',
  'lcs("".join(rng.choice("abc") for _ in range(5)), "".join(rng.choice("abc") for _ in range(5)))',
  'permute(list(range(rng.randrange(4))))',
  'simulate([(rng.randrange(9), rng.randrange(4)) for _ in range(rng.randrange(7))])',
  'levels({i: [rng.randrange(8) for _ in range(rng.randrange(3))] for i in range(8)}, 0)',
  'mode([rng.randrange(3) for _ in range(rng.randrange(7))])',
  'unequal([rng.randrange(3) for _ in range(3)], [rng.randrange(3) for _ in range(3)])',
];
