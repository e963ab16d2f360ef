// Checks brackets in source files; strings and line comments do not count.

export interface BracketProblem {
  line: number;
  column: number;
  message: string;
}

const OPEN = '([{';
const CLOSE = ')]}';

// sigil: improve
export function checkBrackets(text: string): BracketProblem[] {
  const problems: BracketProblem[] = [];
  const stack: { kind: number; line: number; column: number }[] = [];
  let line = 1;
  let lineStart = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const ch = text.charAt(i);
    if (ch === '\n') {
      if (quote !== '' && quote !== '`') {
        problems.push({ line, column: i - lineStart + 1, message: 'string not closed' });
        quote = '';
      }
      line++;
      lineStart = i + 1;
      continue;
    }
    if (quote !== '') {
      if (ch === '\\') i++;
      else if (ch === quote) quote = '';
      continue;
    }
    if (ch === '"' || ch === "'" || ch === '`') {
      quote = ch;
      continue;
    }
    if (ch === '/' && text.charAt(i + 1) === '/') {
      const end = text.indexOf('\n', i);
      i = end === -1 ? text.length : end - 1;
      continue;
    }
    const opened = OPEN.indexOf(ch);
    if (opened !== -1) {
      stack.push({ kind: opened, line, column: i - lineStart + 1 });
      continue;
    }
    const closed = CLOSE.indexOf(ch);
    if (closed === -1) continue;
    const top = stack.pop();
    if (top === undefined) {
      problems.push({ line, column: i - lineStart + 1, message: `${ch} was never opened` });
    } else if (top.kind !== closed) {
      problems.push({ line, column: i - lineStart + 1, message: `${ch} closes ${OPEN.charAt(top.kind)} of line ${top.line}` });
    }
  }
  for (const open of stack) problems.push({ line: open.line, column: open.column, message: `${OPEN.charAt(open.kind)} is not closed` });
  return problems;
}
