"""Checks a batch of ISBNs from a book import."""

DIGITS = {str(d): d for d in range(10)}
WEIGHTS_13 = (1, 3) * 6 + (1,)


# sigil: improve
def check_isbns(texts):
    """[valid ISBN-13s in order without repeats, number of repeats, [[position, reason], ...]]."""
    valid = {}
    repeats = 0
    rejected = []
    for position, text in enumerate(texts):
        isbn = text.replace("-", "").replace(" ", "").upper()
        if len(isbn) == 10:
            body = isbn[:9]
            if not body.isdigit() or not (isbn[9] in DIGITS or isbn[9] == "X"):
                rejected.append([position, "characters"])
                continue
            total = 10 if isbn[9] == "X" else DIGITS[isbn[9]]
            for weight, ch in zip(range(10, 1, -1), body):
                total += weight * DIGITS[ch]
            if total % 11 != 0:
                rejected.append([position, "checksum"])
                continue
            stem = "978" + body
            check = -sum(w * DIGITS[ch] for w, ch in zip(WEIGHTS_13, stem)) % 10
            isbn = stem + str(check)
        elif len(isbn) == 13:
            if not isbn.isdigit() or not isbn.startswith(("978", "979")):
                rejected.append([position, "characters"])
                continue
            if sum(w * DIGITS[ch] for w, ch in zip(WEIGHTS_13, isbn)) % 10 != 0:
                rejected.append([position, "checksum"])
                continue
        else:
            rejected.append([position, "length"])
            continue
        if isbn in valid:
            repeats += 1
        else:
            valid[isbn] = position
    return [list(valid), repeats, rejected]
