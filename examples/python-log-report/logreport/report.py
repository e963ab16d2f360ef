"""The daily report: what each endpoint did, bursts of errors, and the users who saw them."""
from logreport.lines import parse_line, pattern


def percentile(values, share):
    """The value below which the given share of the values lies; nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return 0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# sigil: improve
def daily_report(lines, monitors, window=60.0, limit=5):
    """The report as text.

    `monitors` are the users that only check whether the service is alive; they are left out. Whenever more than
    `limit` errors fall into `window` seconds, that is a burst; it ends when they become fewer again.
    """
    requests = []
    endpoints = []
    affected = []
    skipped = 0

    for line in lines:
        request = parse_line(line)
        if request is None:
            skipped += 1
            continue
        if request["user"] in monitors:
            continue
        request["endpoint"] = request["method"] + " " + pattern(request["path"])
        requests.append(request)
        if request["endpoint"] not in endpoints:
            endpoints.append(request["endpoint"])
        if request["status"] >= 500 and request["user"] not in affected:
            affected.append(request["user"])

    # errors of the last minute, to see where they come thick and fast
    recent = []
    bursts = []
    in_burst = False
    for request in requests:
        if request["status"] < 500:
            continue
        recent.append(request["time"])
        while recent[0] < request["time"] - window:
            recent.pop(0)
        if len(recent) > limit and not in_burst:
            bursts.append("burst at %.0f, first on %s" % (request["time"], request["host"]))
        in_burst = len(recent) > limit

    text = "%d requests, %d endpoints, %d lines skipped\n" % (len(requests), len(endpoints), skipped)
    for endpoint in sorted(endpoints):
        same = [r for r in requests if r["endpoint"] == endpoint]
        times = [r["ms"] for r in same]
        errors = [r for r in same if r["status"] >= 500]
        text += "%-32s %6d requests %5d errors" % (endpoint, len(same), len(errors))
        text += "  median %d ms" % percentile(times, 0.5)
        text += "  p95 %d ms" % percentile(times, 0.95)
        text += "  p99 %d ms\n" % percentile(times, 0.99)
    for burst in bursts:
        text += burst + "\n"
    text += "%d users saw an error: %s\n" % (len(affected), " ".join(affected[:20]))
    return text
