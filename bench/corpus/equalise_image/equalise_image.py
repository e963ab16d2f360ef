"""Histogram equalisation of a grey image, which is a list of rows of 0..255."""

LEVELS = 256


def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value


def histogram(image):
    counts = [0] * LEVELS
    for y in range(len(image)):
        for x in range(len(image[y])):
            counts[image[y][x]] += 1
    return counts


# sigil: improve
def equalise(image):
    """A new image whose grey values are spread over the whole range."""
    if len(image) == 0:
        return []
    counts = histogram(image)
    cumulative = {}
    for level in range(LEVELS):
        cumulative[level] = sum(counts[: level + 1])
    total = cumulative[LEVELS - 1]

    result = []
    for y in range(len(image)):
        row = []
        for x in range(len(image[y])):
            darkest = min(c for c in cumulative.values() if c > 0)
            if total == darkest:
                row.append(image[y][x])
            else:
                scaled = (cumulative[image[y][x]] - darkest) / float(total - darkest) * (LEVELS - 1)
                row.append(clamp(int(round(scaled)), 0, LEVELS - 1))
        result.append(row)
    return result
