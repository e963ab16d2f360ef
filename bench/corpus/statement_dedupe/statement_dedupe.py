"""Removes bookings that appear twice because two bank exports overlap."""
import re
from datetime import date


def parse_date(text):
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def clean(description):
    text = description.upper()
    text = re.sub(r"[^A-Z0-9 ]", " ", text)
    text = re.sub(r"\b(SEPA|CARD|PAYMENT|REF)\b", " ", text)
    return re.sub(r"\s+", " ", text).strip()


# sigil: improve
def dedupe(bookings):
    """Keeps the first of bookings with equal amount and text at most two days apart.

    Returns [kept ids, [[dropped id, id it repeats], ...], balance].
    """
    kept = []
    dropped = []
    for booking in bookings:
        twin = None
        for other in kept:
            if clean(other["text"]) == clean(booking["text"]):
                if abs((parse_date(other["date"]) - parse_date(booking["date"])).days) <= 2:
                    if abs(other["amount"] - booking["amount"]) < 0.005 and other["source"] != booking["source"]:
                        twin = other
                        break
        if twin is not None:
            dropped.append([booking["id"], twin["id"]])
        else:
            kept = kept + [booking]
    balance = 0.0
    for booking in kept:
        balance = balance + booking["amount"]
    return [[b["id"] for b in kept], dropped, round(balance, 2)]
