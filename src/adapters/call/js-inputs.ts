// Reads the inputs of a call eval in JavaScript: from a JSON or JSONL file, or from what a generator function gave.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failed, describe, stackTail } from './failed.ts';

/** One input. `receiver` holds none or one value. */
export interface Call {
  readonly args: readonly unknown[];
  readonly receiver: readonly unknown[];
}

const CAP = 1_000_000;
const SHAPE = 'Write each input as an array of arguments, for example [1, "a"] for f(1, "a"), or as {"args": […], "this": …}.';

function toCall(item: unknown, where: string): Call {
  if (Array.isArray(item)) return { args: item, receiver: [] };
  if (typeof item === 'object' && item !== null) {
    const o = item as Record<string, unknown>;
    if ('kwargs' in o) throw new Failed('eval', 'inputs', `${where} has keyword arguments, which JavaScript does not.`, 'Pass an object as the last argument instead.');
    const names = Object.keys(o);
    const args = o['args'] ?? [];
    if (names.length > 0 && names.every((k) => k === 'args' || k === 'this') && Array.isArray(args)) return { args, receiver: 'this' in o ? [o['this']] : [] };
  }
  throw new Failed('eval', 'inputs', `${where} is not an array of arguments.`, SHAPE);
}

const TOKEN = /\s+|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y; // eslint-disable-line no-control-regex

/** The 1-based line where a text stops being JSON. */
export function jsonErrorLine(text: string): number {
  const open: string[] = [];
  let expect: 'value' | 'key' | ':' | 'next' | 'first' = 'value';
  let at = 0;
  let broken = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    broken = at;
    if (token === undefined) break;
    at += token.length;
    const c = token.charAt(0);
    if (/\s/.test(c)) continue;
    const top = open.at(-1);
    if (expect === 'next') {
      if (c === ',' && top !== undefined) expect = top === '{' ? 'key' : 'value';
      else if ((c === '}' && top === '{') || (c === ']' && top === '[')) open.pop();
      else break;
    } else if (expect === ':') {
      if (c !== ':') break;
      expect = 'value';
    } else if (expect === 'key' || (expect === 'first' && top === '{')) {
      if (c === '"') expect = ':';
      else if (c === '}' && expect === 'first') { open.pop(); expect = 'next'; } else break;
    } else if (c === '{' || c === '[') {
      open.push(c);
      expect = 'first';
    } else if (c === ']' && expect === 'first') { open.pop(); expect = 'next'; } else if (',:}]'.includes(c)) break;
    else expect = 'next';
    broken = at;
  }
  return text.slice(0, broken).split('\n').length;
}

function parse(text: string, name: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Failed('eval', 'inputs', `${name}:${line + jsonErrorLine(text) - 1} is not JSON: ${(error as Error).message}.`, 'Correct that line.');
  }
}

/** The inputs in a file. Throws Failed with the file and line. */
export function inputsFromFile(root: string, name: string): readonly Call[] {
  const path = join(root, name);
  if (!existsSync(path)) throw new Failed('eval', 'inputs', `The inputs file ${name} does not exist.`, 'Create it, or correct `inputs` in the spec; the path starts at the project root.');
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new Failed('eval', 'inputs', `The inputs file ${name} cannot be read: ${(error as Error).message}.`, 'Make it a readable UTF-8 file.');
  }
  if (name.endsWith('.jsonl'))
    return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [toCall(parse(line, name, i + 1), `${name}:${i + 1}`)]));
  const items = parse(text, name, 1);
  if (!Array.isArray(items)) throw new Failed('eval', 'inputs', `${name} does not hold a JSON array of inputs.`, SHAPE);
  return items.map((item: unknown, i) => toCall(item, `Input ${i} of ${name}`));
}

/** Calls the user's generator with the seed. It may return, promise or yield the inputs. */
export async function inputsFromGenerator(generator: (seed: number) => unknown, spec: string, seed: number): Promise<readonly Call[]> {
  const items: unknown[] = [];
  try {
    for await (const item of (await generator(seed)) as AsyncIterable<unknown>) {
      items.push(item);
      if (items.length > CAP) break;
    }
  } catch (error) {
    throw new Failed('eval', 'inputs', `The input generator ${spec} failed: ${describe(error)}.`, 'It is called as generator(seed) and returns a list of inputs.', stackTail(error));
  }
  if (items.length > CAP) throw new Failed('eval', 'inputs', `The input generator ${spec} gives more than ${CAP} inputs.`, 'Let it end.');
  return items.map((item, i) => toCall(item, `Input ${i} of the generator ${spec}`));
}
