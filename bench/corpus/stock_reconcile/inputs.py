import random


def _case(rng, articles, movements, counts):
    def sku(extra=0):
        return "A-%03d" % rng.randint(1, articles + extra)

    opening = [{"sku": "A-%03d" % i, "quantity": rng.randint(0, 50), "price": rng.randint(10, 999) / 10} for i in range(1, articles + 1)]
    rng.shuffle(opening)
    moves = [{"sku": sku(2), "kind": rng.choice(["in", "out", "scrap", "info"]), "quantity": rng.randint(1, 9)} for _ in range(movements)]
    shelf = [[sku(4), "S%d" % rng.randint(1, 9), rng.randint(0, 30)] for _ in range(counts)]
    return [opening, moves, shelf]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], [], []], [[{"sku": "X", "quantity": 2, "price": 1.5}], [], []]]
    for a, m, c in [(3, 9, 5), (20, 50, 20), (40, 90, 60), (60, 120, 80), (50, 160, 40), (80, 100, 100), (60, 90, 90), (45, 150, 120)]:
        cases.append(_case(rng, a, m, c))
    return cases
