function lcg(seed) {
  let s = (seed >>> 0) + 53;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const PIECES = ['foo(', ')', '{', '}', 'a[', ']', 'x = 1;', '"text (with]"', "'it\\'s'", '// (comment\n', '\n', ' ', 'return b', '`multi\nline {`', '  const abc = def;\n', 'long_identifier_name'];

export function make(seed) {
  const pick = lcg(seed);
  const cases = [[''], ['()[]{}'], ['(]'], ['"open\n('], ['// only a comment']];
  for (const n of [400, 3000, 5000, 8000, 6000, 9000, 4000, 7000]) {
    let text = '';
    for (let i = 0; i < n; i++) text += PIECES[pick(100) === 0 ? pick(PIECES.length) : [6, 7, 9, 11, 12, 14, 15][pick(7)]];
    // balanced runs
    let nested = '';
    for (let i = 0; i < n / 4; i++) nested += ['f({a:[1,2]})', '(x)', '{ [b] }\n'][pick(3)];
    cases.push([text + '\n' + nested]);
  }
  return cases;
}
