function lcg(seed) {
  let s = (seed >>> 0) + 19;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const PARTS = [
  'Dear {{ name|title }},', 'your balance is {{balance|money}} EUR.', 'Customer number {{number}}', '{{city|upper}}, {{ date }}',
  'Please contact {{agent}} under {{phone}}.', 'Yours {{signature}}', '{{unknown}} and {{name|lower}} ', 'We thank you for your order of {{ items }} items.', '',
];

export function make(seed) {
  const pick = lcg(seed);
  const cases = [['', [], {}], ['{{a}}', [{}], {}], ['{{a}} {{a|upper}}', [{ a: '{{b}}', b: 'x' }, { b: 'only b' }], { a: 'dflt' }]];
  for (const [lines, people] of [[5, 10], [10, 30], [20, 25], [40, 20], [15, 40], [30, 20], [12, 45], [25, 25]]) {
    const template = Array.from({ length: lines }, () => PARTS[pick(PARTS.length)]).join('\n');
    const recipients = Array.from({ length: people }, (_, i) => {
      const r = { name: ['ann berg', 'BO EK', 'cy de la cruz'][pick(3)], balance: pick(9000000) / 100, number: 1000 + i };
      if (pick(2) === 0) r.city = ['Bonn', 'Lyon', 'Graz'][pick(3)];
      if (pick(3) === 0) r.agent = 'Mr $& Smith';
      return r;
    });
    cases.push([template, recipients, { city: 'Berlin', date: '1 March', agent: 'the office', phone: '555-1234', signature: 'sincerely', items: pick(20) }]);
  }
  return cases;
}
