import random

WORDS = "the order was sent back Order to warehouse because customer said box & label < broken and nobody knew why it had left".split()


def _notes(rng, n, words):
    ids = list(range(n))
    rng.shuffle(ids)
    return [
        {
            "id": i,
            "title": " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 5))),
            "body": rng.choice([" ", "  "]).join(rng.choice(WORDS) for _ in range(rng.randint(words // 2, words))),
        }
        for i in ids
    ]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], "order"], [_notes(rng, 5, 10), ""], [_notes(rng, 8, 20), "missingword"]]
    for n, words, query in [
        (10, 40, "order"), (15, 50, "box label"), (20, 40, "the  order"), (12, 60, "e"), (14, 50, "Customer & broken"),
        (25, 30, "left"), (18, 45, "ware warehouse"), (10, 70, "to"), (16, 40, "nobody knew"),
    ]:
        cases.append([_notes(rng, n, words), query])
    return cases
