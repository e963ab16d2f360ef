"""Moving averages of a share price, and where the short one crosses the long one."""


# sigil: improve
def crossings(prices, short, long):
    """Both averages (None while the window is not full) and the buy and sell days."""

    def average(day, window):
        if day + 1 < window:
            return None
        values = []
        for i in range(day - window + 1, day + 1):
            values.append(prices[i])
        return sum(values) / len(values)

    short_line = []
    long_line = []
    signals = []
    for day in range(len(prices)):
        short_line.append(average(day, short))
        long_line.append(average(day, long))
        if day == 0:
            continue
        today = average(day, short), average(day, long)
        before = average(day - 1, short), average(day - 1, long)
        if None in today or None in before:
            continue
        if before[0] <= before[1] and today[0] > today[1]:
            signals.append([day, "buy"])
        if before[0] >= before[1] and today[0] < today[1]:
            signals.append([day, "sell"])
    return {"short": short_line, "long": long_line, "signals": signals}
