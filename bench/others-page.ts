// The page of bench/others.ts: every cell, and before them where Sigil's searches are behind.

import { duel, duelText, reachText } from './duels.ts';
import { FAMILIES } from './landscapes.ts';
import { quantile } from './machine.ts';
import type { Played } from './simulated/play.ts';

const GOALS = [0.9, 0.95, 0.99] as const;
/** The default of `sigil run`. */
const SHORT = 60;
/** So many answers every contender has had: what they cost is what most users pay. */
const ANSWERS = 90;

export interface Entrant {
  readonly name: string;
  readonly what: string;
  readonly ours: boolean;
}

/** The search that a model has by default: what others are compared with. */
const FIRST = 'alphaevolve';

const bestOf = (r: Played, n: number): number => r.worths.slice(0, n).reduce<number>((best, w) => Math.max(best, w ?? 0), 0);
const bestWithin = (r: Played, answers: number): number => bestOf(r, r.answers.filter((n) => n <= answers).length);
const indexOf = (r: Played, goal: number): number => r.worths.findIndex((w) => w !== null && w >= goal - 1e-9);
const evaluationsTo = (r: Played, goal: number): number => (indexOf(r, goal) < 0 ? Infinity : indexOf(r, goal) + 1);
const answersTo = (r: Played, goal: number): number => r.answers[indexOf(r, goal)] ?? Infinity;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Two contenders on the landscapes that both have played. */
function pairs(runs: readonly Played[], family: string, a: string, b: string): readonly (readonly [Played, Played])[] {
  const of = (name: string): readonly Played[] => runs.filter((r) => r.family === family && r.contender === name);
  return of(a).flatMap((x) => of(b).filter((y) => y.seed === x.seed).map((y) => [x, y] as const));
}

interface Compared {
  readonly family: string;
  readonly what: string;
  readonly mine: readonly number[];
  readonly theirs: readonly number[];
  readonly text: (values: readonly number[]) => string;
}

/** By goal in evaluations and in answers, and the best at the end: smaller is better in all. */
function compared(runs: readonly Played[], family: string, budget: number, a: string, b: string): readonly Compared[] {
  const both = pairs(runs, family, a, b);
  if (both.length === 0) return [];
  const of = (what: string, value: (r: Played) => number, text: Compared['text']): Compared => ({ family, what, mine: both.map(([x]) => value(x)), theirs: both.map(([, y]) => value(y)), text });
  return [
    ...GOALS.map((goal) => of(`evaluations to ${goal * 100} %`, (r) => evaluationsTo(r, goal), (v) => reachText(v, budget))),
    ...GOALS.map((goal) => of(`answers to ${goal * 100} %`, (r) => answersTo(r, goal), (v) => reachText(v, budget).replace(`> ${budget}`, 'not'))),
    of(`worth after ${SHORT}`, (r) => -Math.min(GOALS[2], bestOf(r, SHORT)), (v) => (-mean(v)).toFixed(2)),
    of(`worth after ${ANSWERS} answers`, (r) => -Math.min(GOALS[2], bestWithin(r, ANSWERS)), (v) => (-mean(v)).toFixed(2)),
    of(`worth after ${budget}`, (r) => -Math.min(GOALS[2], bestOf(r, budget)), (v) => (-mean(v)).toFixed(2)),
  ];
}

export function othersPage(runs: readonly Played[], entrants: readonly Entrant[], budget: number, head: readonly string[]): string {
  const families = FAMILIES.filter((f) => runs.some((r) => r.family === f.name));
  const there = entrants.filter((e) => runs.some((r) => r.contender === e.name));
  const rivals = there.filter((e) => e.name !== FIRST);
  const all = rivals.flatMap((e) => families.flatMap((f) => compared(runs, f.name, budget, FIRST, e.name).map((c) => ({ ...c, rival: e, duel: duel(c.mine, c.theirs) }))));
  const behind = all.filter((c) => c.duel.losses > c.duel.wins).sort((a, b) => Number(b.duel.verdict === 'slower') - Number(a.duel.verdict === 'slower') || b.duel.losses - b.duel.wins - (a.duel.losses - a.duel.wins));
  const out = [...head, '', '| contender | what | against `alphaevolve`: it is ahead – behind – even, of all comparisons | of these ▲ it – ▼ it |', '| --- | --- | --- | --- |'];
  for (const e of there) {
    const mine = all.filter((c) => c.rival === e);
    const count = (is: (c: (typeof mine)[number]) => boolean): number => mine.filter(is).length;
    out.push(`| ${e.name} | ${e.what} | ${e.name === FIRST ? '' : `${count((c) => c.duel.losses > c.duel.wins)} – ${count((c) => c.duel.losses < c.duel.wins)} – ${count((c) => c.duel.losses === c.duel.wins)}`} | ${e.name === FIRST ? '' : `${count((c) => c.duel.verdict === 'slower')} – ${count((c) => c.duel.verdict === 'faster')}`} |`);
  }
  out.push('', '## Where `alphaevolve` is behind', '', 'Every comparison in which it was later, or worth less, on more landscapes than it was sooner: ▼ where a sign test says that it is no chance, · where it may be.', '');
  out.push('| family | measure | alphaevolve | rival | the rival\'s | sooner – later |', '| --- | --- | --- | --- | --- | --- |');
  for (const c of behind) out.push(`| ${c.family} | ${c.what} | ${c.text(c.mine)} | ${c.rival.name} | ${c.text(c.theirs)} | ${duelText(c.duel)} |`);
  if (behind.length === 0) out.push('| none | | | | | |');
  out.push('', '## All cells', '', 'In brackets on how many landscapes the goal was reached; beside it how often `alphaevolve` was there sooner – later than that contender.', '');
  for (const f of families) {
    out.push(`### ${f.name}`, '', `${f.what[0]?.toUpperCase() ?? ''}${f.what.slice(1)}.`, '');
    out.push(`| contender | landscapes | ${GOALS.map((g) => `${g * 100} % | alphaevolve against it`).join(' | ')} | answers to 90 % | worth after ${ANSWERS} answers | alphaevolve against it | worth after ${SHORT} evaluations | after ${budget} | alphaevolve against it | seconds for 100 evaluations |`);
    out.push(`| --- | --- |${' --- |'.repeat(2 * GOALS.length + 7)}`);
    for (const e of there) {
      const mine = runs.filter((r) => r.family === f.name && r.contender === e.name);
      if (mine.length === 0) continue;
      const versus = all.filter((c) => c.rival === e && c.family === f.name);
      const against = (what: string): string => { const c = versus.find((x) => x.what === what); return c === undefined ? '' : duelText(c.duel); };
      const cells = GOALS.map((goal) => `${reachText(mine.map((r) => evaluationsTo(r, goal)), budget)} | ${against(`evaluations to ${goal * 100} %`)}`);
      const pace = quantile(mine.map((r) => (100 * r.seconds) / r.worths.length), 0.5);
      out.push(`| ${e.name} | ${mine.length} | ${cells.join(' | ')} | ${reachText(mine.map((r) => answersTo(r, 0.9)), budget).replace(`> ${budget}`, 'not')} | ${mean(mine.map((r) => bestWithin(r, ANSWERS))).toFixed(2)} | ${against(`worth after ${ANSWERS} answers`)} | ${mean(mine.map((r) => bestOf(r, SHORT))).toFixed(2)} | ${mean(mine.map((r) => bestOf(r, budget))).toFixed(2)} | ${against(`worth after ${budget}`)} | ${pace.toFixed(0)} |`);
    }
    out.push('');
  }
  return out.join('\n');
}
