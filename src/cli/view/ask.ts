// Questions on a terminal: a choice from a list, yes or no, and a key that is not shown. Only where there is a terminal to ask on.

import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UserError } from '../../core/errors.ts';
import type { Output } from './terminal.ts';

export interface Choice {
  /** What is typed for it, besides its number. */
  readonly name: string;
  /** What stands behind it. */
  readonly about?: string;
}

/** Rows of a list that are shown at a time. */
const ROWS = 25;

/** Whether somebody is there to answer: both a keyboard and a screen, and nobody who waits for JSON. */
export function canAsk(out: Output): boolean {
  return !out.json && process.stdin.isTTY && out.live;
}

const givenUp = (): UserError => new UserError('given up: nothing was changed', 'Begin again whenever you like.');

/** Asks one question. Ctrl-C and the end of input give up. */
async function withTerminal<T>(output: NodeJS.WritableStream, ask: (lines: Interface) => Promise<T>): Promise<T> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const closed = new Promise<never>((_, failed) => {
    lines.once('SIGINT', () => { lines.close(); });
    lines.once('close', () => { failed(givenUp()); });
  });
  try {
    return await Promise.race([ask(lines), closed]);
  } finally {
    closed.catch(() => undefined); // it is closed now, and nothing is given up
    lines.close();
  }
}

export async function question(out: Output, text: string): Promise<string> {
  return (await withTerminal(out.stream, (lines) => lines.question(text))).trim();
}

/** A text that is typed or pasted without being shown. Empty when nothing was given. */
export async function hidden(out: Output, text: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => { done(); } });
  try {
    return (await withTerminal(nowhere, (lines) => {
      out.stream.write(text); // only now does the terminal echo nothing
      return lines.question('');
    })).trim();
  } finally {
    out.stream.write('\n');
  }
}

export async function agreed(out: Output, text: string): Promise<boolean> {
  return /^y(?:es)?$/i.test(await question(out, `${text} [y/N] `));
}

/**
 * One of a list, by number or name. A part of a name narrows a long list down.
 * @param free whether a name that is not in the list is taken too
 */
export async function choose(out: Output, title: string, all: readonly Choice[], free = false): Promise<string> {
  let shown = all;
  for (;;) {
    out.line(out.paint(title, 'bold'));
    const digits = String(shown.length).length;
    const width = shown.slice(0, ROWS).reduce((most, c) => Math.max(most, c.name.length), 0);
    for (const [i, c] of shown.slice(0, ROWS).entries()) out.line(`  ${String(i + 1).padStart(digits)}  ${c.about === undefined ? c.name : `${c.name.padEnd(width)}  ${out.paint(c.about, 'dim')}`}`);
    if (shown.length > ROWS) out.line(out.paint(`  … and ${shown.length - ROWS} more: type a part of the name`, 'dim'));
    const answer = await question(out, `Number or name${free ? ', also another' : ''}: `);
    if (answer === '') {
      shown = all;
      continue;
    }
    const exact = all.find((c) => c.name === answer) ?? (/^\d+$/.test(answer) ? shown[Number(answer) - 1] : undefined);
    if (exact !== undefined) return exact.name;
    const near = all.filter((c) => c.name.toLowerCase().includes(answer.toLowerCase()));
    if (near.length > 0) shown = near;
    else if (free) return answer;
    else out.line(`There is no "${answer}" in the list.`);
  }
}
