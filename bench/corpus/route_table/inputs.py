import random


def _case(rng, n, roads):
    depots = ["D%d" % i for i in range(n)]
    edges = []
    for _ in range(roads):
        a, b = rng.sample(depots, 2)
        edges.append([a, b, rng.randint(3, 90)])
    return [depots, edges]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], []], [["only"], []], [["a", "b"], []]]
    for n, roads in [(6, 9), (15, 30), (18, 25), (20, 60), (16, 20), (22, 50), (20, 30), (19, 80)]:
        cases.append(_case(rng, n, roads))
    return cases
