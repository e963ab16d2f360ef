// Numeric options of optimizers, held within their bounds.

import { UserError } from '../errors.ts';

/** A numeric option in [low, high]. Throws a UserError that names the bounds. */
export function numberOption(options: Readonly<Record<string, number | boolean | string>>, key: string, low: number, high = Infinity): number {
  const value = options[key];
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw new UserError(`the optimizer's option "${key}" is ${String(value)}`, high === Infinity ? `Give a number of at least ${low}.` : `Give a number between ${low} and ${high}.`, 2);
}
