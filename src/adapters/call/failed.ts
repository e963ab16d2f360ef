// The failure that a runner answers in words instead of a measurement.

import type { FailedAnswer } from './protocol.ts';

const { stringify } = JSON;

/** See FailedAnswer. `detail` is a stack's tail. */
export class Failed extends Error {
  readonly answer: Omit<FailedAnswer, 'mode'>;

  constructor(blame: FailedAnswer['blame'], stage: FailedAnswer['stage'], message: string, remedy: string, detail = '') {
    super(message);
    this.answer = { blame, stage, message, remedy, detail };
  }

  /** The answer's text from its mode on. */
  text(): string {
    const a = this.answer;
    return `"mode":"failed","blame":"${a.blame}","stage":"${a.stage}","message":${stringify(a.message)},"remedy":${stringify(a.remedy)},"detail":${stringify(a.detail)}`;
  }
}

/** `TypeError: x is not a function`, whatever was thrown and whatever its methods do. */
export function describe(error: unknown): string {
  try {
    return (error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`).slice(0, 500);
  } catch {
    return 'threw something that has no text';
  }
}

/** The stack without Node's and the runner's own frames, at most 2000 characters. */
export function stackTail(error: unknown): string {
  try {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    return stack.split('\n').filter((line) => !line.includes('node:internal') && !line.includes(__filename)).slice(0, 12).join('\n').slice(0, 2000);
  } catch {
    return '';
  }
}
