// The error that is fit to show: one sentence of what is wrong and one of what to do. All others are bugs.

/** An expected failure. `message` says what is wrong and where; `remedy` says what the user can do. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly remedy: string;
  /** 1: failed, 2: wrong usage or configuration. */
  readonly exitCode: 1 | 2;

  constructor(message: string, remedy: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/** Marks code that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
