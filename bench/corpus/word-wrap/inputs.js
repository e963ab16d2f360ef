function lcg(seed) {
  let s = (seed >>> 0) + 1;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const WORDS = ['please', 'find', 'the', 'attached', 'invoice', 'a', 'für', 'café', 'cafe\u0301', 'meeting', 'tomorrow', 'to', 'is', 'unfortunately', 'https://example.org/a/very/long/path/that/cannot/be/broken'];

function mail(pick, paragraphs, words) {
  const out = [];
  for (let p = 0; p < paragraphs; p++) {
    const list = [];
    for (let i = 0; i < words; i++) list.push(WORDS[pick(20)] ?? WORDS[pick(5)]);
    out.push(['', '', '> ', '>> '][pick(4)] + list.join(pick(5) === 0 ? '  ' : ' '));
    if (pick(3) === 0) out.push('', '');
  }
  return out.join('\n');
}

function make(seed) {
  const pick = lcg(seed);
  const cases = [['', 72], ['\n\n\n', 10], ['>\n> >\nend', 10], ['word', 1]];
  for (const [p, w, width] of [[10, 100, 72], [5, 300, 78], [20, 60, 40], [8, 200, 100], [30, 50, 20], [3, 500, 72], [15, 90, 200], [6, 250, 60], [12, 120, 66]]) {
    cases.push([mail(pick, p, w), width]);
  }
  return cases;
}

module.exports = { make };
