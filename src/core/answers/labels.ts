// Pairs of fences with words above them: what to search, what to put there.

import { opsOf } from './indent.ts';
import { quote, type Covered, type Edit } from './edit.ts';
import type { Fence } from './fences.ts';

const OLD = /^(?:(?:code|lines?|block|text|function|this|the|current|existing) )*(search|find|original|old|before|replace this|current|existing)(?: (?:code|lines?|block|text|version|for|this|function|implementation|section))*$/i;
const NEW = /^(?:(?:code|lines?|block|text|function|the) )*(replace|with|replace with|with this|replace (?:it |this )?(?:with|by)|new|after|updated|replacement|modified|improved|optimi[sz]ed)(?: (?:with|by|code|lines?|block|text|version|this|function|implementation|section))*$/i;

/** A line's words without what makes a heading of it. */
function label(line: string | undefined): string {
  return (line ?? '').trim().replace(/^(?:#{1,6}|[-*+>]|\d+[.)])\s+/, '').replace(/[*_`[\]()<>]/g, '').replace(/[\s:.]+$/, '').trim();
}

export interface Pair {
  readonly edit: Edit;
  /** Whether the words can mean nothing else; "before" and "after" may only show. */
  readonly sure: boolean;
  readonly covered: readonly Covered[];
}

/** Each fence under a word for the old code with the one under a word for the new code behind it. */
export function labelledPairs(fences: readonly Fence[]): readonly Pair[] {
  const out: Pair[] = [];
  for (let i = 0; i + 1 < fences.length; i++) {
    const [a, b] = [fences[i] as Fence, fences[i + 1] as Fence];
    const old = OLD.exec(label(a.above.at(-1)))?.[1] ?? (/^(?:search|find)$/.test(a.info) ? 'search' : undefined);
    const next = NEW.exec(label(b.above.at(-1)))?.[1] ?? (/^replace$/.test(b.info) ? 'replace' : undefined);
    if (old === undefined || next === undefined || !b.closed) continue;
    const source = quote(['<<<<<<< SEARCH', ...a.lines, '=======', ...b.lines, '>>>>>>> REPLACE']);
    out.push({
      edit: { file: a.path ?? b.path, readings: [opsOf(a.lines, b.lines)], loose: false, line: null, under: [], all: false, source },
      sure: /search|find|replace/i.test(old) && /replace|with/i.test(next), covered: [{ from: a.open, to: a.close + 1 }, { from: b.open, to: b.close + 1 }],
    });
    i++;
  }
  return out;
}
