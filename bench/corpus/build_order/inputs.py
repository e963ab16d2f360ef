import random


def _packages(rng, n, width, cycle=False):
    names = ["pkg%02d" % i for i in range(n)]
    rng.shuffle(names)
    packages = []
    for i, name in enumerate(names):
        needs = rng.sample(names[:i], min(i, rng.randint(0, width)))
        if rng.random() < 0.1:
            needs.append("system-lib")
        packages.append({"name": name, "needs": needs})
    if cycle and n > 3:
        packages[0]["needs"] = packages[0]["needs"] + [names[-1]]
        packages[-1]["needs"] = packages[-1]["needs"] + [names[0]]
    rng.shuffle(packages)
    return packages


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [[{"name": "a"}]], [[{"name": "a", "needs": ["b"]}, {"name": "b", "needs": ["a"]}]]]
    for n, width, cycle in [(8, 2, False), (22, 3, False), (30, 2, True), (32, 4, False), (28, 2, False), (36, 2, False), (30, 3, True), (34, 1, False)]:
        cases.append([_packages(rng, n, width, cycle)])
    return cases
