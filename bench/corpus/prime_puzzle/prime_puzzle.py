"""For a puzzle page: primes up to a limit, and the longest run of numbers without one."""


# sigil: improve
def prime_facts(limit):
    """Number of primes up to limit, the largest, their sum, twin pairs, and the widest gap with where it starts."""
    if limit < 2:
        return {"count": 0, "largest": None, "sum": 0, "twins": 0, "gap": 0, "gap_start": None}

    sieve = bytearray([1]) * (limit + 1)
    sieve[0] = sieve[1] = 0
    for n in range(2, int(limit ** 0.5) + 1):
        if sieve[n]:
            sieve[n * n :: n] = bytes(len(range(n * n, limit + 1, n)))

    primes = [n for n, flag in enumerate(sieve) if flag]
    twins = 0
    gap = 0
    gap_start = None
    for a, b in zip(primes, primes[1:]):
        step = b - a
        if step == 2:
            twins += 1
        if step > gap:
            gap = step
            gap_start = a
    return {"count": len(primes), "largest": primes[-1], "sum": sum(primes), "twins": twins, "gap": gap, "gap_start": gap_start}
