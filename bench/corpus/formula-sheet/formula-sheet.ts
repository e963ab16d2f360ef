// Evaluates one formula over many rows of a sheet: + - * / ( ) names, numbers, min(), max(), if().

type Row = Record<string, number>;
interface Token {
  kind: 'number' | 'name' | 'sign';
  text: string;
}
type Cell = { value: number } | { error: string };

function tokenise(formula: string): Token[] {
  const tokens: Token[] = [];
  let rest = formula.trim();
  while (rest.length > 0) {
    const number = rest.match(/^\d+(\.\d+)?/);
    const name = rest.match(/^[a-zA-Z_]\w*/);
    if (number) {
      tokens.push({ kind: 'number', text: number[0] });
      rest = rest.slice(number[0].length);
    } else if (name) {
      tokens.push({ kind: 'name', text: name[0] });
      rest = rest.slice(name[0].length);
    } else {
      tokens.push({ kind: 'sign', text: rest[0] as string });
      rest = rest.slice(1);
    }
    rest = rest.trimStart();
  }
  return tokens;
}

// sigil: improve
export function evaluateColumn(formula: string, rows: Row[]): { cells: Cell[]; sum: number } {
  const cells = rows.map((row): Cell => {
    const tokens = tokenise(formula);

    function take(text: string): void {
      const token = tokens.shift();
      if (token === undefined || token.text !== text) throw new Error(`expected ${text}`);
    }
    function factor(): number {
      const token = tokens.shift();
      if (token === undefined) throw new Error('formula ends too early');
      if (token.kind === 'number') return parseFloat(token.text);
      if (token.text === '-') return -factor();
      if (token.text === '(') {
        const inner = sum();
        take(')');
        return inner;
      }
      if (token.kind !== 'name') throw new Error(`unexpected ${token.text}`);
      if (tokens[0]?.text === '(') {
        take('(');
        const args = [sum()];
        while (tokens[0]?.text === ',') {
          take(',');
          args.push(sum());
        }
        take(')');
        if (token.text === 'min') return Math.min(...args);
        if (token.text === 'max') return Math.max(...args);
        if (token.text === 'if') return (args[0] ?? 0) > 0 ? (args[1] ?? 0) : (args[2] ?? 0);
        throw new Error(`no function ${token.text}`);
      }
      const value = row[token.text];
      if (value === undefined) throw new Error(`no column ${token.text}`);
      return value;
    }
    function product(): number {
      let value = factor();
      while (['*', '/'].includes(tokens[0]?.text ?? '')) {
        const sign = (tokens.shift() as Token).text;
        const right = factor();
        if (sign === '/' && right === 0) throw new Error('division by zero');
        value = sign === '*' ? value * right : value / right;
      }
      return value;
    }
    function sum(): number {
      let value = product();
      while (['+', '-'].includes(tokens[0]?.text ?? '')) {
        const sign = (tokens.shift() as Token).text;
        value = sign === '+' ? value + product() : value - product();
      }
      return value;
    }

    try {
      const value = sum();
      if (tokens.length > 0) return { error: `unexpected ${tokens[0]?.text ?? ''}` };
      return { value };
    } catch (error) {
      return { error: (error as Error).message };
    }
  });
  return { cells, sum: cells.reduce((total, c) => total + ('value' in c ? c.value : 0), 0) };
}
