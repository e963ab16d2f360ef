// The fixtures of test/fixtures/syntax, one a grammar, and texts made of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../../src/core/pin.ts';

const FOLDER = join(__dirname, '../../fixtures/syntax');

export const SAMPLES: readonly (readonly [string, Language])[] = [
  ['sample.py', 'python'], ['sample.js', 'javascript'], ['sample.ts', 'typescript'], ['sample.tsx', 'tsx'], ['sample.go', 'go'],
  ['sample.rs', 'rust'], ['Sample.java', 'java'], ['sample.c', 'c'], ['sample.cpp', 'cpp'],
];

export function fixture(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

export const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** Every line that is not blank gets an indentation; a fragment's first line has it already. */
export const indented = (text: string, indent: string): string => text.replace(/\n(?=[^\n])/g, `\n${indent}`);

/** Leading pairs or fours of spaces as tabs. */
export const tabbed = (text: string, width: number): string => text.replace(new RegExp(`(?<=^\t*)${' '.repeat(width)}`, 'gm'), '\t');
