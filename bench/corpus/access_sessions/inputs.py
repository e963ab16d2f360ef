import random

AGENTS = ["Mozilla/5.0 (X11)", "Mozilla/5.0 (iPhone)", "Googlebot/2.1", "curl/8.0", "Opera/9"]


def _lines(rng, n, visitors):
    lines = []
    minute = 0
    for _ in range(n):
        minute += rng.choice([0, 0, 1, 2, 7])
        stamp = "%02d/Mar/2024:%02d:%02d:%02d" % (1 + minute // 1440 % 28, minute // 60 % 24, minute % 60, rng.randint(0, 59))
        ip = "10.0.%d.%d" % (rng.randint(0, 1), rng.randint(1, visitors))
        path = rng.choice(["/", "/shop", "/shop?id=%d" % rng.randint(1, 9), "/about", "/cart", "/login"])
        size = rng.choice(["-", str(rng.randint(100, 9000))])
        lines.append('%s - - [%s] "GET %s HTTP/1.1" %d %s "%s"' % (ip, stamp, path, rng.choice([200, 200, 304, 404, 500]), size, rng.choice(AGENTS)))
        if rng.random() < 0.03:
            lines.append("-- MARK --")
    return lines


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [["garbage", ""]]]
    for n, visitors in [(1, 1), (20, 3), (60, 5), (80, 20), (100, 8), (90, 40), (70, 10), (120, 15)]:
        cases.append([_lines(rng, n, visitors)])
    return cases
