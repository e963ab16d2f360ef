// Choosing parts of a solution: which, and whether they are measured before they are applied.

import * as vscode from 'vscode';
import { secondsText } from '../../core/format.ts';
import { numberedHunks } from '../../core/patch/hunks.ts';
import { BASELINE } from '../../core/solution.ts';
import { shortName } from '../diff/titles.ts';
import type { Found } from '../runs/contents.ts';
import { WHOLE, type Wish } from './answer.ts';
import { hunkText } from './hunk-text.ts';

interface HunkItem extends vscode.QuickPickItem {
  readonly number: number;
}

/** Pairs of fresh measurements that a gain rests on. */
const PAIRS = 30;

/** Undefined when the user picks nothing. */
export async function chooseHunks(found: Found): Promise<Wish | undefined> {
  const hunks = numberedHunks(found.genomes.changes(found.genomes.of(BASELINE), found.genomes.of(found.solution.id)));
  const several = new Set(hunks.map((h) => h.file)).size > 1;
  const items = hunks.map((h): HunkItem => ({ ...hunkText(h, several), number: h.number, picked: true }));
  const picked = await vscode.window.showQuickPick(items, { canPickMany: true, matchOnDetail: true, title: vscode.l10n.t('Accept which parts of {0}?', shortName(found.state, found.solution)), placeHolder: vscode.l10n.t('Lines are those of the code that the run began with') });
  if (picked === undefined || picked.length === 0) return undefined;
  if (picked.length === hunks.length) return WHOLE;
  const chosen = picked.map((p) => p.number);
  const { noise } = found.state;
  const takes = noise ? secondsText(noise.seconds * 2 * (noise.deterministic ? 3 : PAIRS)) : '';
  const measure = { label: vscode.l10n.t('Measure first'), detail: takes === '' ? vscode.l10n.t('Gates, then fresh pairs against your code as it is now; it is applied if it is verified to be better.') : vscode.l10n.t('Gates, then fresh pairs against your code as it is now, about {0}; it is applied if it is verified to be better.', takes) };
  const blind = { label: vscode.l10n.t('Apply unmeasured'), detail: vscode.l10n.t('Gates only. Nobody has measured these parts without the others, and it will not be called better.') };
  const how = await vscode.window.showQuickPick([measure, blind], { title: vscode.l10n.t('{0} of {1} parts', chosen.length, hunks.length) });
  return how === undefined ? undefined : { hunks: chosen, measure: how === measure };
}
