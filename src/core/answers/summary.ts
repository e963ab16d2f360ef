// What an answer says of its change, in one line.

import type { Covered } from './edit.ts';
import { pathIn } from './edit.ts';

const LEAD = /^(?:sure|okay|ok|certainly|of course|absolutely|great|here(?:'s| is| are)|below (?:is|are)|the following|i(?:'ll| will)|let me|to (?:improve|optimi[sz]e))\b.*(?:[:.!]|blocks?|code|version)$/i;

/** A line of prose from its first sentence on that says something. */
function withoutLead(line: string): string {
  let rest = line;
  for (;;) {
    const first = /^(.*?[.!:])\s+(?=\S)/.exec(rest);
    if (first === null || !LEAD.test(first[1] ?? '')) return rest;
    rest = rest.slice(first[0].length);
  }
}

/** The first sentence of prose that says something; empty when there is none. Rows covered by edits are no prose. */
export function summaryOf(rows: readonly string[], covered: readonly Covered[]): string {
  const uncovered = rows.filter((_, i) => !covered.some((c) => i >= c.from && i < c.to));
  const idea = uncovered.map((line) => /^\W*(?:idea|summary)\W*:[\s*_`"']*(\S.*)$/i.exec(line)?.[1]).find((line) => line !== undefined);
  const prose = (idea === undefined ? uncovered : [idea])
    .map((line) => line.trim().replace(/^(?:#{1,6}|[-*+>]|\d+[.)])\s+/, '').replace(/\*\*|__|`/g, '').replace(/^(?:summary|explanation|description|changes?|reasoning|name|idea)\s*:\s*/i, ''))
    .filter((line) => line.length > 3 && /\p{L}{2}/u.test(line) && pathIn(line) === null && !/^<\/?\w+>$/.test(line));
  const said = prose.map(withoutLead).find((line) => !LEAD.test(line) && /\s/.test(line)) ?? prose[0] ?? '';
  // What is asked for as an idea says at its end what is changed, as often as not.
  const sentence = idea !== undefined ? said : (/^.{12,}?[.!?](?=\s|$)/.exec(said)?.[0] ?? said);
  return sentence.length > 200 ? `${sentence.slice(0, 199)}…` : sentence;
}
