"""Monthly billing run: puts the customer on each invoice and works out what is still open."""

REMINDER_FEE = 7.5


def find_customer(customers, customer_id):
    for customer in customers:
        if customer["id"] == customer_id:
            return customer
    return None


def format_address(customer):
    parts = [customer["name"], customer.get("street"), customer.get("city")]
    return ", ".join(p for p in parts if p)


# sigil: improve
def billing_rows(customers, invoices, payments):
    """One row an invoice that has something open, the largest amount first."""
    rows = []
    unknown = []
    for invoice in invoices:
        customer = find_customer(customers, invoice["customer"])
        if customer is None:
            # the export sometimes has customers that were merged; report them once
            if invoice["customer"] not in unknown:
                unknown.append(invoice["customer"])
            continue
        paid = 0
        for payment in payments:
            if payment["invoice"] == invoice["number"]:
                paid = paid + payment["amount"]
        open_amount = round(invoice["amount"] - paid, 2)
        if open_amount <= 0:
            continue
        if invoice["overdue_days"] > 30:
            open_amount = open_amount + REMINDER_FEE
        rows.append(
            {
                "number": invoice["number"],
                "address": format_address(customer),
                "open": round(open_amount, 2),
                "vip": customer["turnover"] > sum(c["turnover"] for c in customers) / len(customers) * 2,
            }
        )
    rows.sort(key=lambda row: (-row["open"], row["number"]))
    return {"rows": rows, "unknown": unknown, "total": round(sum(r["open"] for r in rows), 2)}
