import random


def _lessons(rng, n, teachers, rooms):
    lessons = []
    for i in range(n):
        start = rng.randrange(8 * 60, 15 * 60, 15)
        end = start + rng.choice([45, 45, 90])
        lessons.append(
            {
                "id": 100 + i,
                "day": rng.choice(["Mon", "Tue", "Wed", "Thu", "Fri"]),
                "start": "%d:%02d" % (start // 60, start % 60),
                "end": "%d:%02d" % (end // 60, end % 60),
                "teacher": "T%d" % rng.randint(1, teachers),
                "room": "R%d" % rng.randint(1, rooms),
                "classes": rng.sample(["5a", "5b", "6a", "6b", "7a", "7b", "8a", "9a", "9b", "10"], rng.randint(1, 2)),
            }
        )
    return lessons


def make(seed):
    rng = random.Random(seed)
    twin = {"id": 1, "day": "Mon", "start": "8:00", "end": "8:45", "teacher": "T", "room": "R", "classes": ["5a"]}
    cases = [[[]], [[twin]], [[twin, dict(twin, id=2), dict(twin, id=3, start="8:45", end="9:30")]]]
    for n, t, r in [(20, 4, 5), (40, 10, 8), (50, 6, 9), (60, 20, 20), (65, 12, 10), (45, 3, 3), (70, 30, 25), (50, 15, 10)]:
        cases.append([_lessons(rng, n, t, r)])
    return cases
