import random


def _case(rng, stops, vans, rounds):
    places = [{"id": i, "x": round(rng.uniform(0, 40), 3), "y": round(rng.uniform(0, 40), 3)} for i in range(stops)]
    starts = [{"x": p["x"], "y": p["y"]} for p in places[:vans]]
    return [places, starts, rounds]


def make(seed):
    rng = random.Random(seed)
    same = [{"id": i, "x": 1.0, "y": 2.0} for i in range(4)]
    cases = [[[], [], 5], [[], [{"x": 0, "y": 0}], 5], [same, [{"x": 1.0, "y": 2.0}, {"x": 1.0, "y": 2.0}], 5]]
    for stops, vans, rounds in [(20, 2, 5), (90, 4, 5), (120, 5, 4), (80, 8, 6), (150, 3, 5), (100, 6, 4), (90, 5, 6), (130, 4, 4)]:
        cases.append(_case(rng, stops, vans, rounds))
    return cases
