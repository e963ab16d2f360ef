// What `sigil accept --documents - --json` is asked and answers.

import type { Gain } from '../../core/solution.ts';
import type { CliOptions } from '../cli.ts';
import type { SolutionRef } from '../refs.ts';

export interface AnsweredFile {
  readonly file: string;
  readonly text: string;
  readonly drifted: boolean;
  readonly changed: boolean;
}

export interface AcceptAnswer {
  readonly id: string;
  readonly files: readonly AnsweredFile[];
  readonly drifted: boolean;
  readonly gates: { readonly ok: boolean; readonly gates: readonly string[] } | null;
  readonly measured: { readonly gain: Gain; readonly holds: boolean; readonly reason: string } | null;
  /** Of exactly this change; null where it is not verified. */
  readonly gain: Gain | null;
  readonly refused: { readonly why: 'conflict' | 'gates'; readonly message: string; readonly remedy: string; readonly conflicts: readonly { readonly file: string; readonly lines: readonly number[] }[] } | null;
}

/** What is to be applied: all of it, or some hunks; measured first or not. */
export interface Wish {
  readonly hunks: readonly number[] | null;
  readonly measure: boolean;
}

export const WHOLE: Wish = { hunks: null, measure: false };

function named(ref: SolutionRef, wish: Wish): string[] {
  return ['accept', ref.id, '--spec', ref.spec, '--workspace', ref.workspace, '--run', ref.run, ...(wish.hunks === null ? [] : ['--hunks', wish.hunks.join(',')])];
}

export function askArguments(ref: SolutionRef, wish: Wish, sandbox: string): readonly string[] {
  return [...named(ref, wish), ...(wish.measure ? ['--measure'] : []), '--sandbox', sandbox, '--documents', '-'];
}

export function askOptions(texts: readonly { readonly file: string; readonly text: string }[], signal: AbortSignal, onLine: (line: string) => void): CliOptions {
  return { stdin: JSON.stringify({ documents: texts }), signal, onLine, alsoFine: [1] };
}

export function noteArguments(ref: SolutionRef, wish: Wish, what: 'record' | 'undone'): readonly string[] {
  return [...named(ref, wish), `--${what}`];
}
