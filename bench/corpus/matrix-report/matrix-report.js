// Cost report: (projects × hours) times (hours × rates), with row shares.

const column = (matrix, j) => matrix.map((row) => row[j]);

const dot = (a, b) => a.map((v, i) => v * b[i]).reduce((sum, v) => sum + v, 0);

const grandTotal = (matrix) => matrix.reduce((sum, row) => sum + row.reduce((s, v) => s + v, 0), 0);

// sigil: improve
export function costReport(hours, rates, names) {
  if (hours.length === 0 || rates.length === 0) return { rows: [], total: 0 };
  if (hours[0].length !== rates.length) {
    throw new Error(`sizes do not fit: ${hours[0].length} and ${rates.length}`);
  }
  const product = [];
  for (let i = 0; i < hours.length; i++) {
    product[i] = [];
    for (let j = 0; j < rates[0].length; j++) {
      product[i][j] = dot(hours[i], column(rates, j));
    }
  }

  const rows = product.map((row, i) => {
    const cost = row.reduce((s, v) => s + v, 0);
    const share = grandTotal(product) === 0 ? 0 : cost / grandTotal(product);
    return {
      name: names[i] ?? `Project ${i + 1}`,
      cost: Math.round(cost * 100) / 100,
      share: Math.round(share * 1000) / 10,
      largest: row.indexOf(Math.max(...row)),
    };
  });
  return { rows, total: Math.round(grandTotal(product) * 100) / 100 };
}
