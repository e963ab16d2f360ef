import random


def make(seed):
    rng = random.Random(seed)
    cases = [[-3], [0], [2], [3]]
    for scale in (5000, 9000, 20000, 30000, 40000, 50000, 60000, 70000):
        cases.append([scale + rng.randint(0, 999)])
    return cases
