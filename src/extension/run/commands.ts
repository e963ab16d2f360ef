// The commands that start, stop and continue runs.

import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { registerCommand, runCommand, toPlace, type Place, type RunRequest } from '../contributions.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import type { Catalog } from './catalog.ts';
import { chooseRun, chooseSpec } from './choose.ts';
import { showError, trusted } from '../say.ts';
import { innermost, type PinAnswer, type PinsAnswer } from './pins.ts';
import type { Runner } from './runner.ts';

export function registerRunCommands(app: App, catalog: Catalog, runner: Runner): vscode.Disposable {
  /** What a command does, with its errors shown. */
  const shown = <A extends unknown[]>(f: (...args: A) => Promise<void>) => async (...args: A): Promise<void> => {
    try {
      await f(...args);
    } catch (e) {
      void showError(e, app.log);
    }
  };

  const begin = async ({ project, spec, from, workspace }: RunRequest, chosen: readonly string[] = []): Promise<void> => {
    if (!(await trusted()) || !(await savedOrAgreed(project.root))) return;
    const more = [...(workspace === undefined ? [] : ['--workspace', workspace]), ...(from === undefined ? [] : ['--from', from]), ...chosen];
    queued(runner.request({ root: project.root, spec, arguments: more, resume: null }), spec);
  };

  return vscode.Disposable.from(
    registerCommand('sigil.run', shown(async (arg) => {
      if (!(await trusted())) return;
      const request = await chooseSpec(app, catalog, arg);
      if (request !== null) await begin(request);
    })),
    registerCommand('sigil.runWith', shown(async (arg) => {
      if (!(await trusted())) return;
      const request = await chooseSpec(app, catalog, arg);
      if (request === null) return;
      const { chooseSearch } = await import('./choose-search.ts');
      const chosen = await chooseSearch(request.spec, vscode.Uri.file(request.project.root));
      if (chosen !== null) await begin(request, chosen);
    })),
    registerCommand('sigil.optimize', shown(async (where) => {
      if (!(await trusted())) return;
      const place = toPlace(where) ?? cursor();
      const project = place === null ? undefined : app.projects.of(vscode.Uri.parse(place.uri));
      if (place === null || project === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Put the cursor into a function of a file in this workspace first.'));
        return;
      }
      const pin = await markedAt(app, project.root, place);
      if (pin === null || pin.evaluation === null) await runCommand('sigil.markForOptimization', place);
      else await begin({ project, spec: pin.spec });
    })),
    registerCommand('sigil.resume', shown(async (arg) => {
      if (!(await trusted())) return;
      const entry = await chooseRun(app, arg, ['interrupted'], vscode.l10n.t('No run was interrupted.'));
      if (entry === null) return;
      const more = await continuation(entry);
      if (more !== null) queued(runner.request({ root: entry.ref.root, spec: entry.ref.spec, arguments: more, resume: entry.ref.run }), entry.ref.spec);
    })),
    registerCommand('sigil.stop', shown(async (arg) => {
      if (!(await trusted())) return;
      const entry = await chooseRun(app, arg, ['running'], vscode.l10n.t('Nothing runs.'));
      if (entry !== null) await stop(app, runner, entry);
    })),
    registerCommand('sigil.showTerminal', shown(async (arg) => {
      const entry = await chooseRun(app, arg, ['running', 'interrupted', 'finished'], vscode.l10n.t('There is no run yet.'));
      if (entry === null) return;
      const terminal = await runner.terminal(entry.ref);
      if (terminal) {
        terminal.show(true);
        return;
      }
      const report = vscode.l10n.t('Open Report');
      const answer = await vscode.window.showInformationMessage(entry.status() === 'running'
        ? vscode.l10n.t('This run goes on outside of this window: it has no terminal here.')
        : vscode.l10n.t('The terminal of this run is closed.'), report);
      if (answer === report) await runCommand('sigil.openReport', entry.ref);
    })),
    registerCommand('sigil.startQueued', (node) => { if (node?.kind === 'queued') runner.release(node.item); }),
    registerCommand('sigil.removeFromQueue', (node) => { if (node?.kind === 'queued') runner.remove(node.item); }),
  );
}

function queued(waits: boolean, spec: string): void {
  if (waits) vscode.window.setStatusBarMessage(vscode.l10n.t('“{0}” is queued: one run at a time measures times.', spec), 5000);
}

function cursor(): Place | null {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? null : { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

/** What is marked at a place, unsaved text included; null when nothing is. */
async function markedAt(app: App, root: string, place: Place): Promise<PinAnswer | null> {
  const uri = vscode.Uri.parse(place.uri);
  const file = relative(root, uri.fsPath).split(sep).join('/');
  const line = place.line + 1;
  const ask = async (args: readonly string[], stdin?: string): Promise<PinAnswer | null> =>
    innermost(await app.cli.json<PinsAnswer>(root, ['pins', ...args, file, '--at', String(line)], { alsoFine: [1], ...(stdin === undefined ? {} : { stdin }) }), line);
  const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
  const unsaved = document?.isDirty === true ? await ask(['--stdin'], document.getText()) : null;
  return unsaved ?? ask([]); // sigil.yaml names pins that no mark shows: those are found in files only
}

/** A run reads files from the disk: unsaved ones are saved with the user's say-so only. False when they gave up. */
async function savedOrAgreed(root: string): Promise<boolean> {
  const dirty = vscode.workspace.textDocuments.filter((d) => d.isDirty && d.uri.scheme === 'file' && d.uri.fsPath.startsWith(join(root, sep)));
  const [first] = dirty;
  if (first === undefined) return true;
  const save = vscode.l10n.t('Save and Run');
  const asIs = vscode.l10n.t('Run What Is on Disk');
  const answer = await vscode.window.showInformationMessage(dirty.length === 1
    ? vscode.l10n.t('{0} has unsaved changes. A run reads files from the disk.', vscode.workspace.asRelativePath(first.uri))
    : vscode.l10n.t('{0} files have unsaved changes. A run reads files from the disk.', dirty.length), save, asIs);
  if (answer === save) return (await Promise.all(dirty.map((d) => d.save()))).every((ok) => ok);
  return answer === asIs;
}

/** How an interrupted run goes on, or, extended, a finished one. Null when the user gave up. */
async function continuation(entry: RunEntry): Promise<readonly string[] | null> {
  if (entry.status() !== 'finished') return [];
  const { planned, evaluations } = entry.state();
  if (evaluations < planned) return [];
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Extend this run'), prompt: vscode.l10n.t('{0} solutions were evaluated. How many more?', evaluations), value: String(Math.max(10, evaluations)),
    validateInput: (text) => (/^[1-9]\d{0,5}$/.test(text) ? undefined : vscode.l10n.t('A whole number of at least 1')),
  });
  return answer === undefined ? null : ['--niter', `+${answer}`];
}

async function stop(app: App, runner: Runner, entry: RunEntry): Promise<void> {
  const { ref } = entry;
  if (entry.state().stopRequested) {
    // It was asked already, and its evaluation takes long.
    const now = vscode.l10n.t('Interrupt Now');
    const answer = await vscode.window.showInformationMessage(vscode.l10n.t('“{0}” stops after the evaluation in flight. Interrupted now, it can be resumed, but its best is not verified.', ref.spec), now);
    if (answer === now) interrupt(runner, entry);
    return;
  }
  try {
    await app.cli.json(ref.root, ['stop', ref.run]);
    vscode.window.setStatusBarMessage(vscode.l10n.t('“{0}” stops after the evaluation in flight; its best is then verified.', ref.spec), 5000);
  } catch (e) {
    app.runs.refresh();
    if (entry.status() !== 'running') return; // it ended by itself meanwhile
    app.log.error(e instanceof Error ? e : String(e));
    interrupt(runner, entry);
  }
  app.runs.refresh();
}

/** As Ctrl-C twice: at once, and resumable. */
function interrupt(runner: Runner, entry: RunEntry): void {
  const pid = entry.process();
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGTERM');
    setTimeout(() => { if (entry.process() === pid) process.kill(pid, 'SIGTERM'); }, 300); // two at once would be one
  } catch {
    runner.terminate(entry.ref); // not ours to signal
  }
}
