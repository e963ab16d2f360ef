// What is read aloud: rows, the chart and news as sentences.

import { OUTCOME_WORDS } from './outcomes.ts';
import { scoreText, type Rows } from './rows.ts';

/** A worth as words: `1.42 times, between 1.36 and 1.49`. */
function spoken(rows: Rows, i: number): string {
  const score = rows.score(i);
  if (score === null) return '';
  const { scale } = rows.run;
  const number = (x: number): string => scoreText(x, scale).replace('×', ' times').replace('−', 'minus ');
  const [low, high] = [rows.low(i), rows.high(i)];
  if (!rows.verified(i)) return `about ${number(score)}`;
  return low === null || high === null || low === high ? number(score) : `${number(score)}, between ${number(low).replace(' times', '')} and ${number(high).replace(' times', '')}`;
}

export function rowLabel(rows: Rows, i: number): string {
  if (rows.parent(i) < 0) return 'Baseline, the code as it was';
  const at = rows.at(i);
  return [
    rows.summary(i) || rows.operator(i) || rows.id(i),
    rows.best(i) ? 'the best' : '',
    OUTCOME_WORDS[rows.outcome(i)],
    spoken(rows, i),
    rows.banned(i) ? 'banned' : '',
    rows.accepted(i) ? 'accepted' : '',
    at > 0 ? `evaluation ${at}` : '',
  ].filter((t) => t !== '').join(', ');
}

export function chartLabel(rows: Rows): string {
  const { evaluations, bestWorth, best } = rows.run;
  let measured = 0;
  for (let i = 1; i < rows.count; i++) if (rows.score(i) !== null) measured++;
  const end = bestWorth === '' ? 'Nothing better than the baseline is verified yet.' : `The verified best is ${best} with ${bestWorth}.`;
  return `Score against evaluations: ${evaluations} evaluations, ${measured} solutions measured. ${end} The table shows the same.`;
}

/** What is told when the verified best changes from one snapshot to the next; empty when it does not. */
export function newBest(before: Rows | null, now: Rows): string {
  if (before === null || before.run.ref.run !== now.run.ref.run || before.run.best === now.run.best) return '';
  const i = now.find(now.run.best);
  if (i < 0 || now.parent(i) < 0) return 'The best did not hold: the baseline stays.';
  return `New best: ${now.summary(i)}, ${spoken(now, i)}.`;
}
