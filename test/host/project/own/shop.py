def total(prices: list[int], wanted: list[int]):
    return sum(p for p in prices if p in wanted)
