"""Expands repeating calendar entries into dates."""
from datetime import date, timedelta

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def to_date(text):
    return date(int(text[0:4]), int(text[5:7]), int(text[8:10]))


def last_day_of_month(day):
    return (day + timedelta(days=1)).month != day.month


# sigil: improve
def expand(rules, first, last):
    """All occurrences from first to last (both included) as [date, title], in order.

    A rule has title, start, freq (daily, weekly, monthly), interval, and optionally
    days (weekly), until, count and except (dates that are left out).
    """
    occurrences = []
    for rule in rules:
        start = to_date(rule["start"])
        number = 0
        day = start
        while day <= to_date(last):
            if rule.get("until") and day > to_date(rule["until"]):
                break
            hit = False
            if rule["freq"] == "daily":
                hit = (day - start).days % rule["interval"] == 0
            elif rule["freq"] == "weekly":
                monday = start - timedelta(days=start.weekday())
                week = (day - monday).days // 7
                hit = week % rule["interval"] == 0 and WEEKDAYS[day.weekday()] in rule.get("days", [WEEKDAYS[start.weekday()]])
            elif rule["freq"] == "monthly":
                months = (day.year - start.year) * 12 + day.month - start.month
                hit = months % rule["interval"] == 0 and (day.day == start.day or (last_day_of_month(day) and start.day > day.day))
            if hit:
                number += 1
                if rule.get("count") and number > rule["count"]:
                    break
                if day >= to_date(first) and day.isoformat() not in rule.get("except", []):
                    occurrences.append([day.isoformat(), rule["title"]])
            day = day + timedelta(days=1)
    occurrences.sort(key=lambda o: (o[0], o[1]))
    return occurrences
