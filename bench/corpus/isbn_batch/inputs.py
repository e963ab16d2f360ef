import random


def _isbn(rng):
    body = "".join(rng.choice("0123456789") for _ in range(9))
    if rng.random() < 0.5:
        total = sum(w * int(c) for w, c in zip(range(10, 1, -1), body))
        check = -total % 11
        text = body + ("X" if check == 10 else str(check))
    else:
        stem = rng.choice(["978", "978", "979"]) + body
        check = -sum(w * int(c) for w, c in zip((1, 3) * 6, stem)) % 10
        text = stem + str(check)
    if rng.random() < 0.15:
        k = rng.randrange(len(text))
        text = text[:k] + rng.choice("0123456789x") + text[k + 1:]
    if rng.random() < 0.4:
        text = text[:3] + "-" + text[3:7] + rng.choice(["-", " "]) + text[7:]
    return text


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [["", "x", "0-306-40615-2", "0306406152", "9780306406157"]]]
    for n in (50, 200, 300, 400, 500, 350, 450, 250, 600):
        pool = [_isbn(rng) for _ in range(n)]
        cases.append([[rng.choice(pool) for _ in range(n)]])
    return cases
