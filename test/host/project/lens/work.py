import math


# sigil: improve
def area():
    width = 8  # sigil: knob 8 1..64
    return math.fabs(width - 40)


def unmarked(items, wanted):
    return [i for i in items if i in wanted]
