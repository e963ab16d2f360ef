// How diffs and picks name a solution.

import { worthSoFar } from '../../core/format.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE } from '../../core/solution.ts';

/** What it is worth, in the fewest words: `1.42× [1.36–1.49]`, `≈ 1.04×`, or what became of it. */
export function worthOf(state: RunState, s: SolutionState): string {
  return worthSoFar(state, s) || (s.outcome ?? 'not decided');
}

/** `1.42× [1.36–1.49] 3f2a91`, or `the original`. */
export function shortName(state: RunState, s: SolutionState): string {
  return s.id === BASELINE ? 'the original' : `${worthOf(state, s)} ${s.id.slice(0, 6)}`;
}

/** `report.ts: the original ↔ 1.42× 3f2a91`; VS Code puts the number of several files behind it. */
export function diffTitle(files: readonly string[], left: string, right: string): string {
  const [only] = files;
  return `${files.length === 1 && only !== undefined ? `${only.replace(/^.*\//, '')}: ` : ''}${left} ↔ ${right}`;
}
