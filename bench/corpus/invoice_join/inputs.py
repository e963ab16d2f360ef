import random


def _case(rng, customers, invoices, payments):
    people = [
        {
            "id": "C%04d" % i,
            "name": rng.choice(["Abel", "Brandt", "Cole", "Dietz", "Evans"]) + " %d" % i,
            "street": rng.choice(["Mill Lane 3", "High Street 12", None]),
            "city": rng.choice(["Leeds", "Bonn", ""]),
            "turnover": int(9000 * rng.random() ** 3),
        }
        for i in range(customers)
    ]
    rng.shuffle(people)
    bills = [
        {
            "number": 10000 + i,
            "customer": "C%04d" % rng.randint(0, customers + 3),
            "amount": rng.randint(500, 50000) / 100,
            "overdue_days": rng.randint(0, 60),
        }
        for i in range(invoices)
    ]
    paid = [
        {"invoice": 10000 + rng.randint(0, max(invoices - 1, 0)), "amount": rng.randint(100, 40000) / 100}
        for _ in range(payments)
    ]
    return [people, bills, paid]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], [], []], [[], [{"number": 1, "customer": "C1", "amount": 5.0, "overdue_days": 0}], []]]
    for customers, invoices, payments in [(1, 1, 1), (20, 30, 25), (90, 120, 80), (120, 90, 120), (75, 160, 140), (150, 140, 90), (110, 120, 120), (140, 110, 100)]:
        cases.append(_case(rng, customers, invoices, payments))
    return cases
