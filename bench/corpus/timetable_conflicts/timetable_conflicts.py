"""Finds double bookings in a school's weekly timetable."""

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"]


def minutes(text):
    hours, mins = text.split(":")
    return int(hours) * 60 + int(mins)


def overlaps(a, b):
    if a["day"] != b["day"]:
        return False
    return minutes(a["start"]) < minutes(b["end"]) and minutes(b["start"]) < minutes(a["end"])


# sigil: improve
def conflicts(lessons):
    """Every pair of lessons that wants the same teacher, room or class at the same time."""
    found = []
    for i in range(len(lessons)):
        for j in range(len(lessons)):
            if i == j:
                continue
            a = lessons[i]
            b = lessons[j]
            if not overlaps(a, b):
                continue
            reasons = []
            if a["teacher"] == b["teacher"]:
                reasons.append("teacher " + a["teacher"])
            if a["room"] == b["room"]:
                reasons.append("room " + a["room"])
            for group in a["classes"]:
                if group in b["classes"]:
                    reasons.append("class " + group)
            if len(reasons) == 0:
                continue
            pair = sorted([a["id"], b["id"]])
            already = False
            for entry in found:
                if entry["pair"] == pair:
                    already = True
            if not already:
                found.append({"pair": pair, "day": a["day"], "reasons": sorted(reasons)})
    return sorted(found, key=lambda e: (DAYS.index(e["day"]), e["pair"]))
