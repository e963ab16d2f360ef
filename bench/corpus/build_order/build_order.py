"""Works out in which order packages have to be built."""


class CycleError(Exception):
    def __init__(self, names):
        Exception.__init__(self, "cycle: " + ", ".join(names))
        self.names = names


def dependencies_of(packages, name):
    for package in packages:
        if package["name"] == name:
            return package.get("needs", [])
    return []


# sigil: improve
def build_order(packages):
    """Names in an order in which each comes after what it needs; alphabetical where free.

    Returns {"order": [...], "error": None or text}.
    """
    names = sorted(set(p["name"] for p in packages))
    order = []
    try:
        while len(order) < len(names):
            ready = []
            for name in names:
                if name in order:
                    continue
                blocked = [d for d in dependencies_of(packages, name) if d in names and d not in order]
                if not blocked:
                    ready.append(name)
            if not ready:
                raise CycleError([n for n in names if n not in order])
            order.append(min(ready))
    except CycleError as error:
        return {"order": order, "error": str(error)}
    return {"order": order, "error": None}
