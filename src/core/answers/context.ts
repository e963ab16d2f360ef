// What an answer is read against: the parent, and the files as the run saw them.

import { renderFile, type BaseFile, type Genome } from '../pin.ts';

export interface AnswerContext {
  readonly parent: Genome;
  readonly base: readonly BaseFile[];
}

/** The trimmed lines of the parent's files. */
export function linesOfParent({ parent, base }: AnswerContext): ReadonlySet<string> {
  return new Set(base.flatMap((f) => renderFile(f, parent).split('\n')).map((line) => line.trim()));
}
