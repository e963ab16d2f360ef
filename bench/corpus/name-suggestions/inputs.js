function lcg(seed) {
  let s = (seed >>> 0) + 43;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const STEMS = ['Linden', 'Haupt', 'Schiller', 'Goethe', 'Bahnhof', 'Garten', 'Kirch', 'Mühl', 'Berg', 'Wald', 'Rosen', 'Schloss'];
const ENDS = ['straße', 'weg', 'platz', 'allee', 'gasse', 'str.'];

export function make(seed) {
  const pick = lcg(seed);
  const name = () => STEMS[pick(STEMS.length)] + (pick(3) === 0 ? STEMS[pick(STEMS.length)].toLowerCase() : '') + ENDS[pick(ENDS.length)];
  const garble = (text) => {
    const k = pick(text.length);
    return pick(2) === 0 ? text.slice(0, k) + text.slice(k + 1) : text.slice(0, k) + 'aeinr'[pick(5)] + text.slice(k);
  };
  const cases = [[[], [], 3], [['x'], [], 3], [[''], ['Berg', 'Au'], 2]];
  for (const [queries, names, count] of [[2, 20, 3], [4, 80, 5], [3, 150, 1], [6, 100, 3], [5, 120, 4], [2, 200, 10], [5, 90, 3], [4, 130, 2]]) {
    const list = Array.from({ length: names }, name);
    const asked = Array.from({ length: queries }, () => (pick(5) === 0 ? list[pick(names)] : garble(garble(list[pick(names)]))));
    cases.push([asked, list, count]);
  }
  return cases;
}
