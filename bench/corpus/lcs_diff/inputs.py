import random

LINES = ["{", "}", "", "return x", "i += 1", "if ok:", "pass", "for a in b:", "x = f(a)", "print(x)", "else:", "break"]


def _pair(rng, n, changes):
    old = [rng.choice(LINES) + rng.choice(["", "", " # %d" % rng.randint(1, 9)]) for _ in range(n)]
    new = list(old)
    for _ in range(changes):
        at = rng.randint(0, len(new))
        kind = rng.random()
        if kind < 0.4:
            new[at:at + 1] = []
        elif kind < 0.8:
            new.insert(at, rng.choice(LINES))
        else:
            new[at:at + 1] = [rng.choice(LINES) + " # new"]
    return [old, new]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], []], [["a"], []], [[], ["b", "b"]], [["x"], ["x"]]]
    for n, changes in [(30, 5), (90, 90), (110, 15), (120, 6), (80, 60), (130, 20), (100, 40), (115, 70)]:
        cases.append(_pair(rng, n, changes))
    return cases
