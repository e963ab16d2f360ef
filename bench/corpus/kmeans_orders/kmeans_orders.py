"""Groups delivery addresses into areas, one a van."""
import math


class Van:
    def __init__(self, x, y):
        self.position = {"x": x, "y": y}
        self.stops = []

    def distance(self, stop):
        return math.sqrt(math.pow(self.position["x"] - stop["x"], 2) + math.pow(self.position["y"] - stop["y"], 2))


# sigil: improve
def assign_vans(stops, starts, max_rounds):
    """K-means: stops go to the nearest van, vans go to the middle of their stops, until nothing moves."""
    vans = [Van(s["x"], s["y"]) for s in starts]
    rounds = 0
    while rounds < max_rounds and vans:
        rounds += 1
        for van in vans:
            van.stops = []
        for stop in stops:
            nearest = sorted(vans, key=lambda v: v.distance(stop))[0]
            nearest.stops.append(stop)

        moved = False
        for van in vans:
            if len(van.stops) == 0:
                continue
            x = sum([s["x"] for s in van.stops]) / len(van.stops)
            y = sum([s["y"] for s in van.stops]) / len(van.stops)
            if abs(x - van.position["x"]) > 1e-9 or abs(y - van.position["y"]) > 1e-9:
                moved = True
            van.position = {"x": x, "y": y}
        if not moved:
            break

    report = []
    for number, van in enumerate(vans):
        farthest = max([van.distance(s) for s in van.stops], default=0)
        report.append([number, round(van.position["x"], 6), round(van.position["y"], 6), [s["id"] for s in van.stops], round(farthest, 6)])
    return {"rounds": rounds, "vans": report}
