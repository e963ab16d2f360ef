function lcg(seed) {
  let s = (seed >>> 0) + 73;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const TEXTS = ['a', 'note ', '\n', 'shopping list:\n- milk\n', 'the meeting is on Monday ', 'ü', '  '];

export function make(seed) {
  const pick = lcg(seed);
  const cases = [['', []], ['', [{ kind: 'undo' }, { kind: 'redo' }]], ['abc', [{ kind: 'delete', at: 9, length: 2 }, { kind: 'insert', at: 99, text: 'd' }, { kind: 'undo' }, { kind: 'redo' }, { kind: 'redo' }]]];
  for (const [n, size] of [[20, 10], [80, 40], [100, 30], [70, 80], [140, 20], [90, 60], [120, 35], [80, 70]]) {
    const start = Array.from({ length: size }, () => TEXTS[pick(TEXTS.length)]).join('');
    const operations = Array.from({ length: n }, () => {
      const kind = pick(10);
      if (kind < 5) return { kind: 'insert', at: pick(size * 12), text: TEXTS[pick(TEXTS.length)] };
      if (kind < 7) return { kind: 'delete', at: pick(size * 8), length: 1 + pick(12) };
      return { kind: kind === 7 || kind === 8 ? 'undo' : 'redo' };
    });
    cases.push([start, operations]);
  }
  return cases;
}
