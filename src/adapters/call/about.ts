// What runs the pinned function and what it is called with, in words: for a proposer, who sees neither.

import { plain } from '../../core/format.ts';
import type { ArgumentShape, CalibrateAnswer } from './protocol.ts';

const between = ([low, high]: readonly [number, number]): string => (low === high ? plain(low) : `${plain(low)} to ${plain(high)}`);

function argumentText({ name, types, of, size, range }: ArgumentShape): string {
  const what = `${name === '' ? '' : `${name}=`}${types.join(' or ')}${of === undefined ? '' : ` of ${of.join(' or ')}`}`;
  return `${what}${size === undefined ? '' : `, length ${between(size)}`}${range === undefined ? '' : `, ${between(range)}`}`;
}

/** @param inputs of the search: those that are held back are not told */
export function aboutText(answer: Pick<CalibrateAnswer, 'runtime' | 'arguments'>, inputs: number): string {
  const all = `${inputs} ${inputs === 1 ? 'input' : 'inputs'}`;
  return `It runs on ${answer.runtime}. ${answer.arguments.length === 0 ? `There ${inputs === 1 ? 'is' : 'are'} ${all}, without arguments.` : `Of ${all} the arguments are: ${answer.arguments.map((a, i) => `${a.name === '' ? `${i + 1}. ` : ''}${argumentText(a)}`).join('; ')}.`}`;
}
