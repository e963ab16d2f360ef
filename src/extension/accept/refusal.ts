// What an accept says that it cannot do, with the ways that are left.

import { join } from 'node:path';
import * as vscode from 'vscode';
import { BASELINE } from '../../core/solution.ts';
import { runCommand } from '../contributions.ts';
import { documentUri } from '../diff/documents.ts';
import { shortName } from '../diff/titles.ts';
import type { SolutionRef } from '../refs.ts';
import type { Found } from '../runs/contents.ts';
import type { Desk } from './accept.ts';
import type { AcceptAnswer } from './answer.ts';
import type { OpenFile } from './apply.ts';

type Refused = NonNullable<AcceptAnswer['refused']>;

/** Not modal, and not waited for: the user may go on and come back to it. */
export function showRefusal(desk: Desk, ref: SolutionRef, found: Found, refused: Refused, open: readonly OpenFile[]): void {
  const merge = vscode.l10n.t('Open Merge Editor');
  const diff = vscode.l10n.t('Open Diff');
  const copy = vscode.l10n.t('Copy Patch');
  const log = vscode.l10n.t('Show Log');
  const [first = ''] = refused.message.split('\n');
  desk.app.log.warn(`${ref.id} was not applied: ${refused.message}`);
  const ways = refused.why === 'conflict' ? [merge, copy] : [diff, log];
  void vscode.window.showWarningMessage(vscode.l10n.t('Sigil did not apply {0}. {1}.', ref.id, first), ...ways).then(async (way) => {
    if (way === merge) await openMerge(desk, ref, found, refused, open);
    else if (way === diff) await runCommand('sigil.openFileDiff', ref);
    else if (way === copy) await runCommand('sigil.copyPatch', ref);
    else if (way === log) await runCommand('sigil.showOutput');
  });
}

/** VS Code's three-way editor on each changed file, those in conflict first. Where it cannot be had, the plain diff. */
export async function openMerge(desk: Desk, ref: SolutionRef, found: Found, refused: Refused, open: readonly OpenFile[]): Promise<void> {
  const conflicts = new Set(refused.conflicts.map((c) => c.file));
  const ordered = [...open].sort((a, b) => Number(conflicts.has(b.file)) - Number(conflicts.has(a.file)));
  try {
    for (const { file, text } of ordered.reverse()) { // the last one opened is the one seen
      await vscode.commands.executeCommand('_open.mergeEditor', {
        base: documentUri({ ...ref, id: BASELINE }, file),
        input1: { uri: desk.documents.snapshot(file, text), title: vscode.l10n.t('Yours'), description: vscode.l10n.t('as it is now') },
        input2: { uri: documentUri(ref, file), title: 'Sigil', description: shortName(found.state, found.solution) },
        output: vscode.Uri.file(join(ref.root, file)),
      });
    }
  } catch (e) {
    desk.app.log.warn(`the merge editor: ${e instanceof Error ? e.message : String(e)}`);
    await runCommand('sigil.openFileDiff', ref);
  }
}
