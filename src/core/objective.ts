// Objectives: `minimize latency_ms subject to accuracy >= 0.9`, parsed, printed and evaluated.

import { UserError } from './errors.ts';
import type { Direction } from './metric.ts';

export type Expression =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'metric'; readonly name: string }
  | { readonly op: '+' | '-' | '*' | '/'; readonly left: Expression; readonly right: Expression };

export interface Constraint {
  readonly metric: string;
  readonly relation: '<=' | '>=' | '<' | '>' | '==';
  readonly bound: number;
}

export interface Objective {
  readonly direction: Direction;
  readonly expression: Expression;
  readonly constraints: readonly Constraint[];
}

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_][\w.]*)|(<=|>=|==|[-+*/()<>,]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign';
  readonly at: number;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(text);
    if (!m) throw wrong(text, at + text.slice(at).search(/\S/), `unexpected "${text.slice(at).trim()[0] ?? ''}"`);
    const [all, number, name, sign] = m;
    tokens.push({ text: number ?? name ?? sign ?? '', kind: number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign', at: at + all.length - all.trimStart().length });
    at += all.length;
  }
  return tokens;
}

function wrong(text: string, at: number, what: string): UserError {
  return new UserError(
    `objective "${text}", character ${at + 1}: ${what}`,
    'Write it like "minimize latency_ms subject to accuracy >= 0.9 and size_kb < 300".',
    2,
  );
}

/** Parses an objective. Throws a UserError that names the character. */
export function parseObjective(text: string): Objective {
  const tokens = tokenize(text);
  let i = 0;
  const peek = (): Token | undefined => tokens[i];
  const fail = (what: string): UserError => wrong(text, peek()?.at ?? text.length, what);
  const take = (...options: string[]): string | undefined => {
    const t = peek();
    if (t === undefined || !options.includes(t.text.toLowerCase())) return undefined;
    i++;
    return t.text.toLowerCase();
  };
  const factor = (): Expression => {
    if (take('-') !== undefined) return { op: '-', left: { op: 'number', value: 0 }, right: factor() };
    if (take('(') !== undefined) {
      const inner = sum();
      if (take(')') === undefined) throw fail('a ")" is missing');
      return inner;
    }
    const t = peek();
    if (t === undefined || t.kind === 'sign') throw fail('a metric or a number was expected');
    i++;
    return t.kind === 'number' ? { op: 'number', value: Number(t.text) } : { op: 'metric', name: t.text };
  };
  const chain = (operand: () => Expression, ...signs: ('+' | '-' | '*' | '/')[]): Expression => {
    let left = operand();
    for (;;) {
      const op = take(...signs) as '+' | '-' | '*' | '/' | undefined;
      if (op === undefined) return left;
      left = { op, left, right: operand() };
    }
  };
  const product = (): Expression => chain(factor, '*', '/');
  const sum = (): Expression => chain(product, '+', '-');

  const goal = take('minimize', 'minimise', 'min', 'maximize', 'maximise', 'max');
  if (goal === undefined) throw fail('it must begin with "minimize" or "maximize"');
  const expression = sum();
  const constraints: Constraint[] = [];
  if (take('subject', 'such', 'where', 's.t.') !== undefined) {
    take('to', 'that');
    do {
      const name = peek();
      if (name?.kind !== 'name') throw fail('a metric was expected');
      i++;
      const relation = take('<=', '>=', '<', '>', '==') as Constraint['relation'] | undefined;
      if (relation === undefined) throw fail('one of <= >= < > == was expected');
      const negative = take('-') !== undefined;
      const bound = peek();
      if (bound?.kind !== 'number') throw fail('a number was expected');
      i++;
      constraints.push({ metric: name.text, relation, bound: Number(bound.text) * (negative ? -1 : 1) });
    } while (take('and', ',') !== undefined);
  }
  if (peek() !== undefined) throw fail(`"${peek()?.text ?? ''}" was not expected here`);
  return { direction: goal.startsWith('min') ? 'minimize' : 'maximize', expression, constraints };
}

/** The metrics that an objective needs, the objective's own first. */
export function metricsOf(objective: Objective): string[] {
  const names = new Set<string>();
  const visit = (e: Expression): void => {
    if (e.op === 'metric') names.add(e.name);
    else if (e.op !== 'number') {
      visit(e.left);
      visit(e.right);
    }
  };
  visit(objective.expression);
  for (const c of objective.constraints) names.add(c.metric);
  return [...names];
}

/** The expression's value; NaN when a metric is missing. */
export function evaluate(e: Expression, values: Readonly<Record<string, number>>): number {
  switch (e.op) {
    case 'number': return e.value;
    case 'metric': return values[e.name] ?? NaN;
    case '+': return evaluate(e.left, values) + evaluate(e.right, values);
    case '-': return evaluate(e.left, values) - evaluate(e.right, values);
    case '*': return evaluate(e.left, values) * evaluate(e.right, values);
    case '/': return evaluate(e.left, values) / evaluate(e.right, values);
  }
}

/** Whether a value meets a constraint. NaN meets none. */
export function satisfies(c: Constraint, value: number): boolean {
  switch (c.relation) {
    case '<=': return value <= c.bound;
    case '>=': return value >= c.bound;
    case '<': return value < c.bound;
    case '>': return value > c.bound;
    case '==': return value === c.bound;
  }
}

/** In as few brackets as give the same tree back. `tight`: how tightly the operator around it binds. */
function show(e: Expression, tight = 0): string {
  if (e.op === 'number') return String(e.value);
  if (e.op === 'metric') return e.name;
  const own = e.op === '+' || e.op === '-' ? 1 : 2;
  const text = `${show(e.left, own)} ${e.op} ${show(e.right, own + 1)}`;
  return own < tight ? `(${text})` : text;
}

/** The objective as it would be written. `parseObjective` reads it back. */
export function printObjective(o: Objective): string {
  const head = `${o.direction} ${show(o.expression)}`;
  if (o.constraints.length === 0) return head;
  return `${head} subject to ${o.constraints.map((c) => `${c.metric} ${c.relation} ${c.bound}`).join(' and ')}`;
}
