// Code in an answer without fences: from the first line that belongs to it to the last, prose left out.

import type { BaseFile, Genome } from '../pin.ts';
import { definitionsIn } from './definitions.ts';
import { renderFile } from '../pin.ts';
import type { Code } from './whole.ts';

const CODE = /^\s*(?:import\b.*|from\s+\S+\s+import\b.*|#include\b.*|use\s+[\w:{}*, ]+;|package\s+[\w.]+;?|(?:const|let|var|static)\s+.*[;={(]|@\w.*|#!?\[.*\]|\/\/.*|\/\*.*|#\s?.*EVOLVE-BLOCK.*|[\w.]+\s*=\s*\S.*|[)\]}]+[;,]?|template\s*<.*>)\s*$/;

/** The code, or nothing where there is none. */
export function unfenced(rows: readonly string[], base: readonly BaseFile[], parent: Genome): readonly Code[] {
  const known = new Set(base.flatMap((f) => renderFile(f, parent).split(/\r?\n/)).map((line) => line.trim()).filter((line) => /\w/.test(line)));
  const owned = new Set<number>();
  for (const language of new Set(base.flatMap((f) => f.pins.map((p) => p.language)))) {
    for (const d of definitionsIn(rows, language)) for (let row = d.from; row < d.to; row++) owned.add(row);
  }
  rows.forEach((line, row) => {
    if (known.has(line.trim()) || CODE.test(line)) owned.add(row);
  });
  const [opening, closing] = [rows.findIndex((line) => line.includes('EVOLVE-BLOCK-START')), rows.findLastIndex((line) => line.includes('EVOLVE-BLOCK-END'))];
  if (opening >= 0) for (let row = opening; row <= closing; row++) owned.add(row);
  const sorted = [...owned].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lines = rows.slice(first, last + 1).map((line, k) => ({ line, isCode: owned.has(first + k) || line.trim() === '' }));
  // Prose between two parts of code is not code; there are two codes then.
  const out: Code[] = [];
  let part: string[] = [];
  for (const { line, isCode } of [...lines, { line: '', isCode: false }]) {
    if (isCode) part.push(line);
    else {
      if (part.some((l) => l.trim() !== '')) out.push({ lines: part, path: null, closed: true, above: [] });
      part = [];
    }
  }
  return out;
}
