"""Distance table between depots from a list of roads."""

INFINITY = float("inf")


# sigil: improve
def distance_table(depots, roads):
    """All shortest distances as rows, None where there is no way, and the most central depot."""
    dist = {}
    for a in depots:
        dist[a] = {}
        for b in depots:
            if a == b:
                dist[a][b] = 0
            else:
                dist[a][b] = INFINITY
    for a, b, km in roads:
        if km < dist[a][b]:
            dist[a][b] = km
            dist[b][a] = km

    for via in depots:
        for a in depots:
            for b in depots:
                if dist[a][via] + dist[via][b] < dist[a][b]:
                    dist[a][b] = dist[a][via] + dist[via][b]

    center = None
    for name in depots:
        if center is None or sum(dist[name].values()) < sum(dist[center].values()):
            center = name
    rows = []
    for a in depots:
        rows.append([a] + [None if dist[a][b] == INFINITY else dist[a][b] for b in depots])
    return {"rows": rows, "center": center}
