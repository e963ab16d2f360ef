import random


def _prices(rng, n):
    price = 400
    out = []
    for _ in range(n):
        price = max(8, price + rng.randint(-9, 9))
        # quarters, as the exchange quotes them: sums are exact
        out.append(price / 4)
    return out


def make(seed):
    rng = random.Random(seed)
    cases = [[[], 3, 5], [[10.0], 1, 1], [[5.0] * 30, 2, 8], [_prices(rng, 10), 20, 50]]
    for n, short, long in [(60, 5, 20), (150, 8, 30), (200, 5, 40), (130, 10, 50), (250, 4, 16), (170, 12, 26), (180, 6, 35), (120, 3, 9)]:
        cases.append([_prices(rng, n), short, long])
    return cases
