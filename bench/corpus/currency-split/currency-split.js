// Splits bills among people so that the cents add up: largest remainder, ties to whoever comes first.

// sigil: improve
export function splitBills(bills) {
  const owed = new Map();
  const lines = [];
  for (const bill of bills) {
    const people = Object.keys(bill.weights);
    let weightSum = 0;
    for (const name of people) weightSum += bill.weights[name];
    if (people.length === 0 || weightSum <= 0) {
      lines.push({ bill: bill.id, error: 'nobody to pay' });
      continue;
    }

    const shares = [];
    let given = 0;
    for (let i = 0; i < people.length; i++) {
      const exact = (bill.cents * bill.weights[people[i]]) / weightSum;
      const cents = Math.floor(exact);
      given += cents;
      shares.push({ name: people[i], cents, remainder: exact - cents, position: i });
    }
    const byRemainder = shares.slice().sort((a, b) => b.remainder - a.remainder || a.position - b.position);
    for (let i = 0; i < bill.cents - given; i++) byRemainder[i].cents += 1;

    for (const share of shares) owed.set(share.name, (owed.get(share.name) ?? 0) + share.cents);
    lines.push({ bill: bill.id, shares: shares.map((s) => [s.name, s.cents]) });
  }
  const totals = [...owed].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { lines, totals };
}
