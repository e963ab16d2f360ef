import random

BASE = "the of and to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part over new sound take only little work know place year live me back give most very after thing our just name good sentence man think say great where help through much before line right too mean old any same tell boy follow came want show also around form three small set put end does another well large must big even such because turn here why ask went men read need land different home us move try kind hand picture again change off play spell air away animal house point page letter mother answer found study still learn should america world".split()


def _text(rng, n, errors):
    words = []
    for _ in range(n):
        w = rng.choice(BASE)
        if rng.random() < errors and len(w) > 2:
            k = rng.randrange(len(w))
            w = rng.choice([w[:k] + w[k + 1:], w[:k] + rng.choice("aeiosx") + w[k:], w[:k] + rng.choice("aeiosx") + w[k + 1:]])
        words.append(w.capitalize() if rng.random() < 0.1 else w)
    return " ".join(words) + "."


def make(seed):
    rng = random.Random(seed)

    def dictionary(n):
        words = BASE[:n]
        return [[w, 1000 - i] for i, w in enumerate(words)]

    cases = [["", dictionary(10)], ["hello wrld", []], ["teh Teh TEH", dictionary(100)]]
    for n, errors, size in [(20, 0.2, 200), (30, 0.1, 150), (25, 0.15, 200), (40, 0.05, 230), (20, 0.2, 180), (35, 0.1, 230), (15, 0.2, 120), (30, 0.1, 200)]:
        cases.append([_text(rng, n, errors), dictionary(size)])
    return cases
