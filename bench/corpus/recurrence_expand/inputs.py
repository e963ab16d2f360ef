import random


def _date(rng, years=(2023, 2024)):
    return "%d-%02d-%02d" % (rng.randint(*years), rng.randint(1, 12), rng.randint(1, 28))


def _rules(rng, n):
    rules = []
    for i in range(n):
        rule = {"title": "Event %d" % i, "start": _date(rng), "freq": rng.choice(["daily", "weekly", "weekly", "monthly"]), "interval": rng.randint(1, 3)}
        if rule["freq"] == "weekly" and rng.random() < 0.7:
            rule["days"] = rng.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], rng.randint(1, 4))
        if rule["freq"] == "monthly" and rng.random() < 0.5:
            rule["start"] = "2023-01-31"
        if rng.random() < 0.2:
            rule["until"] = _date(rng, (2024, 2024))
        if rng.random() < 0.2:
            rule["count"] = rng.randint(1, 20)
        if rng.random() < 0.3:
            rule["except"] = [_date(rng, (2024, 2024)) for _ in range(10)]
        rules.append(rule)
    return rules


def make(seed):
    rng = random.Random(seed)
    leap = [{"title": "Leap", "start": "2024-02-29", "freq": "daily", "interval": 1, "count": 1}]
    cases = [[[], "2024-01-01", "2024-12-31"], [leap, "2024-02-28", "2024-03-01"], [_rules(rng, 2), "2025-01-01", "2024-01-01"]]
    for n, first, last in [(2, "2024-01-01", "2024-02-15"), (3, "2024-03-01", "2024-06-30"), (4, "2024-06-01", "2024-07-01"), (3, "2024-01-01", "2024-12-31"), (5, "2024-02-01", "2024-04-30"), (4, "2024-10-01", "2024-12-31"), (3, "2024-05-01", "2024-05-31"), (4, "2024-08-01", "2024-11-30")]:
        cases.append([_rules(rng, n), first, last])
    return cases
