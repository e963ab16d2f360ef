import random


def _board(rng, w, h, density):
    return [[1 if rng.random() < density else 0 for _ in range(w)] for _ in range(h)]


def make(seed):
    rng = random.Random(seed)
    blinker = [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    cases = [[[], 3], [[[1]], 2], [blinker, 4], [_board(rng, 5, 5, 0.5), 0]]
    for w, h, density, generations in [(10, 8, 0.3, 5), (16, 12, 0.4, 3), (20, 10, 0.2, 3), (9, 9, 0.6, 8), (14, 14, 0.35, 4), (24, 6, 0.5, 4), (12, 12, 0.3, 5), (6, 30, 0.4, 4)]:
        cases.append([_board(rng, w, h, density), generations])
    return cases
