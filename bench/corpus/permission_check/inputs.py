import random

ACTIONS = ["read", "write", "delete", "share"]
RESOURCES = ["doc/a", "doc/b", "img/1", "img/2", "report/q1", "report/q2", "admin/users"]


def _case(rng, users, roles, requests):
    names = ["role%d" % i for i in range(roles)]
    role_list = []
    for i, name in enumerate(names):
        grants = []
        for _ in range(rng.randint(1, 4)):
            resource = rng.choice(RESOURCES + ["doc/*", "img/*", "*"])
            grants.append(rng.choice(["", "", "", "!"]) + rng.choice(ACTIONS + ["*"]) + ":" + resource)
        role_list.append({"name": name, "grants": grants, "inherits": rng.sample(names[:i], min(i, rng.randint(0, 2)))})
    if roles > 3:
        role_list[0]["inherits"] = [names[2]]
    people = [{"name": "u%d" % i, "active": rng.random() > 0.1, "roles": rng.sample(names + ["ghost"], rng.randint(0, min(3, roles)))} for i in range(users)]
    asks = ["u%d %s %s" % (rng.randint(0, users), rng.choice(ACTIONS), rng.choice(RESOURCES)) for _ in range(requests)]
    return [people, role_list, asks]


def make(seed):
    rng = random.Random(seed)
    cases = [[[], [], []], [[], [], ["x read doc/a"]]]
    for users, roles, requests in [(3, 3, 10), (10, 6, 40), (20, 8, 60), (15, 10, 50), (30, 7, 70), (25, 9, 60), (12, 12, 40), (40, 6, 80)]:
        cases.append(_case(rng, users, roles, requests))
    return cases
