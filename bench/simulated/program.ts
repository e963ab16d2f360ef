// A landscape's programs as text: a small Python file with one line for each place, and how they are found again in a prompt.

import type { Code } from '../landscapes.ts';

export const FILE = 'program.py';

/** `place_3 = 2`, as it stands in the file. */
export const lineOf = (place: number, variant: number): string => `    place_${place} = ${variant}`;

/** A program of such lines, working or not. */
export const wholeOf = (lines: readonly string[]): string => `# A program of some places, each of which is one of some variants. It prints what was chosen.
import json


def choose():
${lines.join('\n')}
    return [${lines.map((_, i) => `place_${i}`).join(', ')}]


if __name__ == "__main__":
    print(json.dumps(choose()))
`;

export const programText = (code: Code): string => wholeOf(code.map((v, i) => lineOf(i, v)));

/** A program that was found in a text: the lines of its places, also those that do not parse. */
export interface Found {
  readonly code: Code;
  readonly lines: readonly string[];
}

/** The programs of so many places that stand in a text, in order: those whose places follow each other. */
export function programsIn(text: string, places: number): readonly Found[] {
  const out: Found[] = [];
  let code: number[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const m = /^\s*place_(\d+) = "?(\d+)/.exec(line);
    if (m === null || Number(m[1]) !== code.length) {
      code = [];
      lines = [];
    }
    if (m === null || Number(m[1]) !== code.length) continue;
    code.push(Number(m[2]));
    lines.push(line);
    if (code.length === places) out.push({ code, lines });
  }
  return out;
}
