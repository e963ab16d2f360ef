"""Compares the shelf count with what the books say and proposes corrections."""


class Difference:
    def __init__(self, sku, booked, counted, price):
        self.sku = sku
        self.booked = booked
        self.counted = counted
        self.price = price

    def quantity(self):
        return self.counted - self.booked

    def value(self):
        return round(self.quantity() * self.price, 2)

    def as_row(self):
        return [self.sku, self.booked, self.counted, self.quantity(), self.value()]


# sigil: improve
def reconcile(opening, movements, counts):
    skus = []
    for item in opening:
        if item["sku"] not in skus:
            skus.append(item["sku"])
    for movement in movements:
        if movement["sku"] not in skus:
            skus.append(movement["sku"])
    for sku, shelf, quantity in counts:
        if sku not in skus:
            skus.append(sku)

    differences = []
    for sku in sorted(skus):
        start = [item for item in opening if item["sku"] == sku]
        booked = sum(item["quantity"] for item in start)
        price = start[0]["price"] if len(start) > 0 else 0
        for movement in [m for m in movements if m["sku"] == sku]:
            if movement["kind"] == "in":
                booked += movement["quantity"]
            elif movement["kind"] == "out":
                booked -= movement["quantity"]
            elif movement["kind"] == "scrap":
                booked -= movement["quantity"]
        counted = 0
        for counted_sku, shelf, quantity in counts:
            if counted_sku == sku:
                counted += quantity
        d = Difference(sku, booked, counted, price)
        if d.quantity() != 0:
            differences.append(d)

    # worst first; ties by article number
    differences = sorted(differences, key=lambda d: d.sku)
    differences = sorted(differences, key=lambda d: abs(d.value()), reverse=True)
    total = 0
    for d in differences:
        total += d.value()
    return {"rows": [d.as_row() for d in differences], "total": round(total, 2)}
