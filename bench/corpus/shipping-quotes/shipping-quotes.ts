// Works out the cheapest carrier for parcels from rate tables.

export interface Rate {
  carrier: string;
  country: string;
  zipFrom: string;
  zipTo: string;
  maxWeight: number;
  price: string; // "12.50 EUR"
  surcharges: { kind: string; percent: number }[];
}

export interface Parcel {
  id: number;
  country: string;
  zip: string;
  weight: number;
  flags: string[];
}

function parsePrice(text: string): number {
  const [amount] = text.split(' ');
  return Math.round(parseFloat(amount ?? '0') * 100);
}

function priceFor(rate: Rate, parcel: Parcel): number {
  let cents = parsePrice(rate.price);
  for (const { kind, percent } of rate.surcharges) {
    if (parcel.flags.includes(kind)) cents += Math.round((cents * percent) / 100);
  }
  return cents;
}

// sigil: improve
export function quote(parcels: Parcel[], rates: Rate[]) {
  const quotes: { id: number; carrier: string | null; cents: number | null; offers: number }[] = [];
  for (const parcel of parcels) {
    const zip = parcel.zip.padStart(5, '0');
    const matching = rates
      .filter((r) => r.country.toUpperCase() === parcel.country.toUpperCase())
      .filter((r) => r.zipFrom.padStart(5, '0') <= zip && zip <= r.zipTo.padStart(5, '0'))
      .filter((r) => parcel.weight <= r.maxWeight);
    const sorted = [...matching].sort((a, b) => priceFor(a, parcel) - priceFor(b, parcel) || (a.carrier < b.carrier ? -1 : a.carrier > b.carrier ? 1 : 0));
    const best = sorted[0];
    quotes.push({
      id: parcel.id,
      carrier: best ? best.carrier : null,
      cents: best ? priceFor(best, parcel) : null,
      offers: new Set(matching.map((r) => r.carrier)).size,
    });
  }
  const perCarrier: Record<string, number> = {};
  for (const q of quotes) {
    if (q.carrier === null) continue;
    perCarrier[q.carrier] = quotes.filter((o) => o.carrier === q.carrier).reduce((s, o) => s + (o.cents ?? 0), 0);
  }
  return { quotes, perCarrier };
}
