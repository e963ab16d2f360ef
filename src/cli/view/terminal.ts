// The terminal: colour where it is wanted, width where there is one, stdout for results and stderr for people's text.

import { styleText } from 'node:util';
import { wrap } from './format.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** Colour only on a terminal, never with NO_COLOR; FORCE_COLOR overrides. */
export function coloured(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** Styles for one stream. */
export function painter(stream: NodeJS.WriteStream): (text: string, ...styles: Style[]) => string {
  const on = coloured(stream);
  return (text, ...styles) => (on && styles.length > 0 ? styleText(styles, text, { validateStream: false }) : text);
}

/** Columns; without end where the text goes to a file or a pipe, unless COLUMNS says otherwise. */
export function widthOf(stream: NodeJS.WriteStream): number {
  const columns = Number(process.env['COLUMNS']);
  return stream.isTTY ? stream.columns : Number.isInteger(columns) && columns > 20 ? columns : Infinity;
}

/** Writes people's text: to stdout, or to stderr when stdout carries JSON. */
export class Output {
  readonly json: boolean;
  readonly stream: NodeJS.WriteStream;
  readonly paint: ReturnType<typeof painter>;
  readonly width: number;
  readonly live: boolean;

  constructor(json: boolean) {
    this.json = json;
    this.stream = json ? process.stderr : process.stdout;
    this.paint = painter(this.stream);
    this.width = widthOf(this.stream);
    this.live = this.stream.isTTY && process.env['TERM'] !== 'dumb';
  }

  line(text = ''): void {
    this.stream.write(`${text}\n`);
  }

  /** A sentence or several: broken between words where the terminal ends, further lines moved in. */
  prose(text: string, indent = ''): void {
    for (const [i, l] of wrap(text, this.width - indent.length - 2, Infinity).entries()) this.line(`${indent}${i === 0 ? '' : '  '}${l}`);
  }

  /** The one JSON document of a command. */
  document(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}

/** Says what goes on: in place on a terminal, a line each for a program that reads along, and nothing in a file. An empty text ends it. */
export function progressOf(out: Output): (text: string) => void {
  if (out.live) {
    return (text) => {
      out.stream.write(`\r\u001b[2K${text === '' ? '' : out.paint(text.slice(0, out.width - 1), 'dim')}`);
    };
  }
  return out.json ? (text) => { if (text !== '') out.line(text); } : () => undefined;
}
