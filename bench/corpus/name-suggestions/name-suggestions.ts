/** "Did you mean": the closest street names for a misspelt one. */

export interface Suggestion {
  name: string;
  distance: number;
}

function distance(a: string, b: string): number {
  const table: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    table.push(new Array<number>(b.length + 1).fill(0));
  }
  for (let i = 0; i <= a.length; i++) table[i]![0] = i;
  for (let j = 0; j <= b.length; j++) table[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      table[i]![j] = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + change);
    }
  }
  return table[a.length]![b.length]!;
}

const simplify = (text: string): string =>
  text
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/straße|strasse|str\./g, 'str')
    .replace(/[^a-zäöü]/g, '');

// sigil: improve
export function suggest(queries: string[], names: string[], count: number): Suggestion[][] {
  return queries.map((query) => {
    const exact = names.filter((n) => simplify(n) === simplify(query));
    if (exact.length > 0) {
      return [{ name: exact[0] as string, distance: 0 }];
    }
    const all = names
      .map((name) => ({ name, distance: distance(simplify(query), simplify(name)) }))
      .filter((s, i, list) => list.findIndex((other) => other.name === s.name) === i)
      .filter((s) => s.distance <= Math.ceil(simplify(query).length / 2));
    all.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return all.slice(0, count);
  });
}
