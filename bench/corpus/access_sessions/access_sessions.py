"""Turns web server access lines into visits."""
import re
from datetime import datetime

TIMEOUT_MINUTES = 30
BOTS = ["googlebot", "bingbot", "crawler", "spider", "curl"]


def is_bot(agent):
    for name in BOTS:
        if name in agent.lower():
            return True
    return False


def parse_line(line):
    match = re.match(r'^(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d{3}) (\d+|-) "([^"]*)"$', line)
    if not match:
        return None
    ip, user, when, method, path, status, size, agent = match.groups()
    return {
        "ip": ip,
        "user": user,
        "time": datetime.strptime(when, "%d/%b/%Y:%H:%M:%S"),
        "path": path.split("?")[0],
        "status": int(status),
        "bytes": 0 if size == "-" else int(size),
        "agent": agent,
    }


# sigil: improve
def sessions(lines):
    """Groups the hits of one visitor with less than 30 minutes between them."""
    hits = []
    for line in lines:
        hit = parse_line(line)
        if hit is None or is_bot(hit["agent"]):
            continue
        hits.append(hit)
        hits.sort(key=lambda h: h["time"])

    result = []
    for hit in hits:
        current = None
        for session in result:
            same = session["ip"] == hit["ip"] and session["agent"] == hit["agent"]
            if same and (hit["time"] - session["last"]).total_seconds() <= TIMEOUT_MINUTES * 60:
                current = session
        if current is None:
            current = {"ip": hit["ip"], "agent": hit["agent"], "start": hit["time"], "last": hit["time"], "pages": [], "bytes": 0, "errors": 0}
            result.append(current)
        current["last"] = hit["time"]
        if hit["path"] not in current["pages"]:
            current["pages"].append(hit["path"])
        current["bytes"] += hit["bytes"]
        if hit["status"] >= 400:
            current["errors"] += 1

    out = []
    for session in result:
        seconds = int((session["last"] - session["start"]).total_seconds())
        out.append([session["ip"], session["start"].isoformat(), seconds, session["pages"], session["bytes"], session["errors"]])
    return out
