function lcg(seed) {
  let s = (seed >>> 0) + 41;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const FORMULAS = ['price * quantity', '(price - cost) * quantity / 100', 'max(0, min(price, cost) - 3.5) * 2', 'if(quantity - 10, price * 0.9, price) * quantity', 'price / (cost - 5)', '-price + missing', '((price + cost) * (price - cost)) / max(1, quantity, 4)', 'price * quantity * (1 + 0.19) - if(cost, cost * quantity, 0)', 'price price', '2 + 3 * 4'];

export function make(seed) {
  const pick = lcg(seed);
  const cases = [['(1', [{}]], ['(1 2)', [{}]], ['* 2', [{}]], ['avg(1, 2)', [{}]], ['', [{ a: 1 }]], ['1+', [{}]], ['a', []]];
  FORMULAS.forEach((formula, i) => {
    const rows = Array.from({ length: 60 + ((i * 67) % 150) }, () => ({ price: pick(800) / 8, cost: pick(40) / 4, quantity: pick(25) }));
    cases.push([formula, rows]);
  });
  return cases;
}
