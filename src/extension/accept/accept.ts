// One accept from asking to noting: the engine merges and gates, the editor applies, the journal is told.

import * as vscode from 'vscode';
import { gainText, unitOf } from '../../core/format.ts';
import { BASELINE } from '../../core/solution.ts';
import type { App } from '../app.ts';
import { CliError } from '../cli.ts';
import { setting } from '../contributions.ts';
import type { SolutionDocuments } from '../diff/documents.ts';
import type { SolutionRef } from '../refs.ts';
import { findSolution, type Found } from '../runs/contents.ts';
import { askArguments, askOptions, noteArguments, type AcceptAnswer, type Wish } from './answer.ts';
import { applyTexts, isAsAsked, openFiles, unlike, type OpenFile } from './apply.ts';
import { showRefusal } from './refusal.ts';
import type { Watches } from './watches.ts';
import { looseText } from './watch.ts';

/** How often an accept is begun anew because somebody types meanwhile. */
const ATTEMPTS = 3;

/** How an accept ended: what the commands return. */
export type Ended = 'applied' | 'already there' | 'refused' | 'not better' | 'called off' | 'failed';

export interface Desk {
  readonly app: App;
  readonly documents: SolutionDocuments;
  readonly watches: Watches;
}

/** Whether something stands between the run's text and the editor's: then gates run, which takes a while. */
function hasDrifted(found: Found, open: readonly OpenFile[]): boolean {
  return open.some((o) => looseText(found.started.base.find((f) => f.file === o.file)?.text ?? '') !== looseText(o.text));
}

async function ask(desk: Desk, ref: SolutionRef, wish: Wish, open: readonly OpenFile[], slow: boolean): Promise<AcceptAnswer> {
  const { app } = desk;
  const sandbox = setting('run.sandbox', vscode.Uri.file(ref.root));
  const title = wish.measure ? vscode.l10n.t('Sigil: measuring your choice') : slow ? vscode.l10n.t('Sigil: checking the merged text') : vscode.l10n.t('Sigil: accepting');
  return vscode.window.withProgress({ location: slow ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window, title, cancellable: slow }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => { abort.abort(); });
    return app.cli.json<AcceptAnswer>(ref.root, askArguments(ref, wish, sandbox), askOptions(open.map(({ file, text }) => ({ file, text })), abort.signal, (message) => { progress.report({ message }); }));
  });
}

/** Accepts a solution. Never throws: what goes wrong is shown. */
export async function acceptSolution(desk: Desk, ref: SolutionRef, wish: Wish): Promise<Ended> {
  try {
    return await accept(desk, ref, wish);
  } catch (e) {
    if (e instanceof Error && e.name === 'AbortError') return 'called off';
    const text = e instanceof CliError && e.remedy !== '' ? `${e.message} ${e.remedy}` : e instanceof Error ? e.message : String(e);
    desk.app.log.error(e instanceof Error ? e : text);
    void vscode.window.showErrorMessage(vscode.l10n.t('Sigil did not apply {0}: {1}', ref.id, text.split('\n')[0] ?? ''));
    return 'failed';
  }
}

async function accept(desk: Desk, ref: SolutionRef, wish: Wish): Promise<Ended> {
  const found = findSolution(desk.app.runs, ref);
  if (!found) throw new Error(vscode.l10n.t('its run is not there any more'));
  const files = found.genomes.changes(found.genomes.of(BASELINE), found.genomes.of(ref.id)).map((c) => c.file);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const open = await openFiles(ref.root, files);
    const answer = await ask(desk, ref, wish, open, wish.measure || wish.hunks !== null || hasDrifted(found, open));
    if (!open.every(isAsAsked)) continue; // what was merged and gated is not what stands there now
    if (answer.refused !== null) {
      showRefusal(desk, ref, found, answer.refused, open);
      return 'refused';
    }
    if (!answer.files.some((f) => f.changed)) {
      void vscode.window.setStatusBarMessage(vscode.l10n.t('Sigil: {0} is already in your files', ref.id), 8000);
      return 'already there';
    }
    if (wish.measure && answer.measured?.holds !== true) {
      offerAnyway(desk, ref, wish, found, answer);
      return 'not better';
    }
    if (!(await applyTexts(open, answer.files))) continue;
    await applied(desk, ref, wish, found, open, answer);
    return 'applied';
  }
  throw new Error(vscode.l10n.t('the files were edited while it was checked; accept it again when you pause.'));
}

/** Verifies, notes and tells. */
async function applied(desk: Desk, ref: SolutionRef, wish: Wish, found: Found, open: readonly OpenFile[], answer: AcceptAnswer): Promise<void> {
  const { app } = desk;
  const changed = answer.files.filter((f) => f.changed);
  const wrong = unlike(open, answer.files);
  if (wrong.length > 0) void vscode.window.showWarningMessage(vscode.l10n.t('Sigil applied {0}, but {1} does not hold exactly that: another extension may edit along. Undo takes it back.', ref.id, wrong.join(', ')));
  else desk.watches.add(ref, wish, open.filter((o) => changed.some((f) => f.file === o.file)).map((o) => ({ key: o.document.uri.toString(), before: o.text, after: o.document.getText() })));
  const worth = answer.gain ? gainText(answer.gain, unitOf(found.state)) : answer.drifted || wish.hunks !== null ? vscode.l10n.t('gated, not measured') : vscode.l10n.t('its gain is not verified');
  void vscode.window.setStatusBarMessage(
    `$(check) ${answer.drifted ? vscode.l10n.t('Sigil: applied to {0}, merged with your changes: {1}', changed.map((f) => f.file).join(', '), worth) : vscode.l10n.t('Sigil: applied to {0}: {1}', changed.map((f) => f.file).join(', '), worth)}`, 15_000,
  );
  app.log.info(`accepted ${ref.id} in ${changed.map((f) => f.file).join(', ')}${answer.drifted ? ', merged' : ''}: ${worth}`);
  try {
    await app.cli.json(ref.root, noteArguments(ref, wish, 'record'));
    app.runs.refresh();
  } catch (e) {
    app.log.error(`${ref.id} is applied, but that could not be noted: ${e instanceof Error ? e.message : String(e)}`);
  }
}

/** A choice that is not shown to be better may still be taken, knowingly. */
function offerAnyway(desk: Desk, ref: SolutionRef, wish: Wish, found: Found, answer: AcceptAnswer): void {
  const shown = answer.measured ? `${gainText(answer.measured.gain, unitOf(found.state))}: ${answer.measured.reason}` : '';
  const anyway = vscode.l10n.t('Apply Anyway');
  void vscode.window.showWarningMessage(vscode.l10n.t('Your choice of {0} is not shown to be better than your code as it is ({1}). Nothing was applied.', ref.id, shown), anyway).then((pressed) => {
    if (pressed === anyway) void acceptSolution(desk, ref, { ...wish, measure: false });
  });
}

