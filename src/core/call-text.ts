// The calls behind a solution as a document for people: what was asked of a model or an agent, and what it answered.

import type { Spend } from './events.ts';

/** A call as its record tells it, of a model or of an agent. */
export interface ShownCall {
  readonly model: string;
  /** ISO time. */
  readonly began: string;
  readonly seconds: number;
  readonly usd: number;
  /** The parts of the prompt in their order, each with who says it. */
  readonly prompt: readonly { readonly from: string; readonly text: string }[];
  /** The parts of the answer: mostly one; of an agent also what it printed. */
  readonly answer: readonly { readonly name: string; readonly text: string }[];
  /** How it ended, where that is worth a word: cut, refused, an exit code. */
  readonly end: string;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export interface ShownSolution {
  readonly id: string;
  readonly summary: string;
  readonly outcome: string;
  readonly reason: string;
}

const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');

export function moneyText(usd: number): string {
  return usd === 0 ? '$0' : usd < 0.0001 ? '< $0.0001' : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}

/** `2 calls · 3,600 tokens in (1,200 cached), 600 out · $0.0246`. */
export function callsBrief(c: { readonly calls: number; readonly input: number; readonly cached: number; readonly output: number; readonly usd: number }): string {
  return [
    ...(c.calls === 0 ? [] : [c.calls === 1 ? '1 call' : `${c.calls} calls`]),
    ...(c.input + c.output === 0 ? [] : [`${grouped(c.input)} tokens in${c.cached > 0 ? ` (${grouped(c.cached)} cached)` : ''}, ${grouped(c.output)} out`]), moneyText(c.usd),
  ].join(' · ');
}

/** What all models together were paid for a solution. */
export function totalOf(s: { readonly usd: number; readonly spend: readonly Spend[] }): Omit<Spend, 'model'> {
  const sum = (of: (x: Spend) => number): number => s.spend.reduce((n, x) => n + of(x), 0);
  return { calls: sum((x) => x.calls), input: sum((x) => x.input), cached: sum((x) => x.cached), output: sum((x) => x.output), usd: s.usd };
}

/** As Markdown's code by indentation: no fence in it ends it, and an editor takes no block of an answer for a conflict of a merge. */
function quoted(text: string): string {
  return text.replace(/\s+$/, '').split('\n').map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
}

/** How many parts of a prompt stand in the one before it too: a repair says again what was said. */
function shared(a: ShownCall['prompt'], b: ShownCall['prompt']): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n]?.from === b[n]?.from && a[n]?.text === b[n]?.text) n++;
  return n;
}

/** Markdown. Calls in the order in which they were made. */
export function callsText(s: ShownSolution, calls: readonly ShownCall[]): string {
  const head = [`# Prompt and answer of ${s.id}`, '', s.summary, '', `Outcome: ${s.outcome}${s.reason === '' ? '' : ` — ${s.reason}`}`, ''];
  const body = calls.flatMap((c, i) => {
    const before = calls[i - 1];
    const same = before === undefined ? 0 : shared(before.prompt, c.prompt);
    return [
      `## ${calls.length === 1 ? '' : `Call ${i + 1} of ${calls.length}: `}${c.model}`, '',
      `${c.began.replace('T', ' ').replace(/\..*$/, ' UTC')} · ${c.seconds.toFixed(1)} s · ${callsBrief({ ...c, calls: 0 })}${c.end === '' ? '' : ` · ${c.end}`}`, '',
      ...(same === 0 ? [] : [`The prompt begins as in call ${i}.`, '']),
      ...c.prompt.slice(same).flatMap((p) => [`### Prompt: ${p.from}`, '', quoted(p.text), '']),
      ...c.answer.flatMap((a) => [`### ${a.name}`, '', a.text === '' ? 'Empty.' : quoted(a.text), '']),
    ];
  });
  return [...head, ...body].join('\n');
}
