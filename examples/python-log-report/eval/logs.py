"""Logs to call the report with: short odd ones first, then some hours of ordinary traffic."""
import random

PATHS = ["/", "/login", "/search", "/cart", "/orders", "/orders/%d", "/orders/%d/items", "/users/%d", "/static/app.js"]


def hour(rng, requests, users, monitors, endpoints):
    """One hour of a service with `endpoints` paths, in which things go wrong now and then."""
    paths = PATHS + ["/api/v1/%s/%s" % (a, "%d") for a in ("stock", "price", "label", "route", "carrier", "depot")]
    paths += ["/api/v2/resource%02d" % i for i in range(max(0, endpoints - len(paths)))]
    watchers = ["monitor%03d" % i for i in range(monitors)]
    now = 1712000000.0
    trouble = 0
    lines = []
    for _ in range(requests):
        now += rng.random() * 2
        if rng.random() < 0.01:
            lines.append("-- log rotated --")
            continue
        if trouble == 0 and rng.random() < 0.02:
            trouble = rng.randint(3, 40)
        path = rng.choice(paths)
        if "%d" in path:
            path = path % rng.randint(1, 9999)
        if rng.random() < 0.2:
            path += "?page=%d" % rng.randint(1, 9)
        user = rng.choice(watchers) if watchers and rng.random() < 0.1 else "u%d" % rng.randint(1, users)
        failed = trouble > 0 and rng.random() < 0.8
        trouble = max(0, trouble - 1)
        status = 503 if failed else rng.choice([200, 200, 200, 304, 404])
        lines.append("%.3f api-%d %s %s %d %d %s" % (
            now, rng.randint(1, 4), rng.choice(["GET", "GET", "GET", "POST"]), path, status, int(rng.expovariate(0.01)), user))
    rng.shuffle(watchers)
    return [lines, watchers]


def make(seed):
    rng = random.Random(seed)
    cases = [
        [[], []],
        [["", "hello", "1 2 3 4 5 6 7"], []],
        [["1.5 api-1 GET /a 500 3 u1"] * 9, ["u2"]],
        [["%d api-1 GET /a/%d 500 %d u%d" % (t * 9, t, t, t % 5) for t in range(40)], [], 30.0, 2],
    ]
    for _ in range(5):
        cases.append(hour(rng, rng.randint(380, 520), rng.randint(300, 500), rng.randint(180, 260), rng.randint(70, 110)))
    return cases
