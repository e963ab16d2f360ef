import random

STEMS = ["listen", "stone", "parse", "least", "meats", "night", "drawer", "cider", "angle", "below", "study", "chain", "players", "cat", "it's", "earth"]


def _words(rng, n):
    out = []
    for _ in range(n):
        stem = list(rng.choice(STEMS))
        for _ in range(rng.randint(0, 3)):
            i, j = rng.randrange(len(stem)), rng.randrange(len(stem))
            stem[i], stem[j] = stem[j], stem[i]
        if rng.random() < 0.5:
            stem.append(rng.choice("abcdefgh"))
        word = "".join(stem)
        out.append(word.title() if rng.random() < 0.1 else word)
    return out


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [["a"]], [["Tea", "eat", "TEA", "ate", "tea"]]]
    for n in [20, 50, 70, 60, 80, 65, 55, 75]:
        cases.append([_words(rng, n)])
    return cases
