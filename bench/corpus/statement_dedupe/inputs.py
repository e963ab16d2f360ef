import random


def _bookings(rng, n):
    out = []
    for i in range(n):
        if out and rng.random() < 0.35:
            old = rng.choice(out)
            day = int(old["date"][:2])
            entry = dict(old, id=i, source=rng.choice(["A", "B", "B"]), date="%02d%s" % (min(28, day + rng.randint(0, 3)), old["date"][2:]))
            if rng.random() < 0.5:
                entry["text"] = "SEPA " + entry["text"].replace(" ", "  ")
        else:
            entry = {
                "id": i,
                "source": rng.choice(["A", "A", "B"]),
                "date": "%02d.%02d.2023" % (rng.randint(1, 28), rng.randint(1, 3)),
                "amount": rng.choice([-1, 1]) * rng.randint(100, 9000) / 100,
                "text": rng.choice(["Rewe", "Shell", "Rent", "Salary", "Bakery", "Gym"]) + " " + rng.choice(["card-payment", "Ref: 12", "thanks!", ""]),
            }
        out.append(entry)
    return out


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [_bookings(rng, 1)], [_bookings(rng, 2)]]
    for n in [14, 20, 24, 18, 22, 27, 17, 23]:
        cases.append([_bookings(rng, n)])
    return cases
