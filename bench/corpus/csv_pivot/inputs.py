import random


def _csv(rng, n, regions, months):
    lines = ["date,region,month,amount,note"]
    for i in range(n):
        region = "Region %d" % rng.randint(1, regions)
        month = "2024-%02d" % rng.randint(1, months)
        amount = rng.choice(["%d.%02d" % (rng.randint(0, 900), rng.randint(0, 99)), "", "1 200.5"])
        note = rng.choice(["", '"a, b"', "ok"])
        lines.append("%d,%s,%s,%s,%s" % (i, region, month, amount, note))
        if rng.random() < 0.02:
            lines.append("broken line")
    return "\n".join(lines) + "\n"


def make(seed):
    rng = random.Random(seed)
    cases = [["", "region", "month", "amount"], ["a,b,c\n", "a", "b", "c"], ["a,b\n1,2\n", "a", "x", "b"]]
    for n, regions, months in [(30, 3, 4), (120, 5, 6), (150, 6, 9), (100, 8, 8), (180, 4, 10), (130, 7, 6), (160, 3, 12), (200, 5, 7)]:
        cases.append([_csv(rng, n, regions, months), "region", "month", "amount"])
    return cases
