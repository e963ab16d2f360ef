// Tasks of type `sigil`: the command in a background terminal, from the provider, from tasks.json and from our own commands.

import { join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { TASK_TYPE, setting } from '../contributions.ts';
import { keysAsked, tidyUrl } from '../models/asked.ts';
import { commandLine, definitionOf, type RunDefinition, type RunSettings, type StartedWith } from './arguments.ts';
import type { Catalog } from './catalog.ts';
import type { KnownSpec } from './pins.ts';

const MATCHER = '$sigil';
/** VS Code takes no tasks at all from a provider that needs 5 s: a project that is not read by then is left out, and there the next time. */
const PATIENCE_MS = 4000;

export function settingsOf(scope: vscode.Uri): RunSettings {
  const optimizer = setting('run.optimizer', scope);
  const model = setting('run.model', scope);
  const baseUrl = setting('run.baseUrl', scope);
  return {
    model: model === '' ? null : model, baseUrl: baseUrl === '' || model === 'builtin' ? null : tidyUrl(baseUrl), budgetUsd: setting('run.budgetUsd', scope), calls: setting('run.calls', scope),
    optimizer: optimizer === 'sigil.yaml' ? null : optimizer, evaluations: setting('run.evaluations', scope), maxMinutes: setting('run.maxMinutes', scope), sandbox: setting('run.sandbox', scope),
  };
}

const REVEAL = { silent: vscode.TaskRevealKind.Silent, always: vscode.TaskRevealKind.Always, never: vscode.TaskRevealKind.Never };

/** The workspace folder that a project stands in, and the project's path from there. */
function placeOf(root: string): { readonly scope: vscode.WorkspaceFolder | vscode.TaskScope.Workspace; readonly project: string } {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root));
  return folder === undefined ? { scope: vscode.TaskScope.Workspace, project: root } : { scope: folder, project: relative(folder.uri.fsPath, root).split(sep).join('/') };
}

/** The definition of a run of a project, as it could stand in tasks.json. */
export function definitionFor(root: string, spec: string, more: readonly string[], resume: string | null): RunDefinition {
  const { project } = placeOf(root);
  return { type: TASK_TYPE, spec, ...(project === '' ? {} : { project }), ...(more.length === 0 ? {} : { arguments: more }), ...(resume === null ? {} : { resume }) };
}

/** The model of a run that goes on; null for a new run. */
function startedWith(app: App, root: string, resume: string | undefined): StartedWith | null {
  if (resume === undefined) return null;
  return app.runs.all().find((e) => e.ref.root === root && e.ref.run === resume)?.state().started ?? null;
}

/**
 * `definition` is given on as it is: VS Code knows a task of tasks.json by that object. The keys of its models are in its environment.
 * @param models those that sigil.yaml names for the spec
 */
export async function makeTask(app: App, root: string, d: RunDefinition, models: readonly string[], definition: vscode.TaskDefinition = { ...d }): Promise<vscode.Task> {
  const uri = vscode.Uri.file(root);
  const { cli } = app;
  const { command, env } = cli.program(root);
  const started = startedWith(app, root, d.resume);
  const asked = commandLine(d, settingsOf(uri), started);
  const keys = await app.keys.environment(keysAsked(asked, started, models));
  const argv = [cli.path, ...asked, '--cwd', root];
  const { scope } = placeOf(root);
  const task = new vscode.Task(definition, scope, d.resume === undefined ? d.spec : `${d.spec} (${d.resume})`, TASK_TYPE, new vscode.ProcessExecution(command, argv, { cwd: root, env: { ...env, ...keys, SIGIL_ABSOLUTE_PATHS: '1' } }), MATCHER);
  task.isBackground = true;
  task.detail = vscode.l10n.t('Searches for a better version; nothing is written to your files.');
  task.presentationOptions = { reveal: REVEAL[setting('run.revealTerminal', uri)], panel: vscode.TaskPanelKind.Dedicated, focus: false, echo: false, showReuseMessage: false, clear: false };
  return task;
}

/** The models that sigil.yaml names for a spec. Looked up only where there are keys to give. */
export async function modelsOfSpec(app: App, catalog: Catalog, root: string, spec: string): Promise<readonly string[]> {
  return app.keys.stored().length === 0 ? [] : ((await catalog.specs(root)).find((s) => s.spec === spec)?.models ?? []);
}

/** The project that a task of tasks.json means. */
function rootOf(task: vscode.Task, d: RunDefinition): string | null {
  const { scope } = task;
  const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  return folder === undefined ? null : join(folder.uri.fsPath, d.project ?? '');
}

export class RunTasks implements vscode.TaskProvider {
  private readonly app: App;
  private readonly catalog: Catalog;

  constructor(app: App, catalog: Catalog) {
    this.app = app;
    this.catalog = catalog;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) return [];
    const all: { readonly root: string; readonly specs: readonly KnownSpec[] }[] = [];
    const roots = this.app.projects.all().map((p) => p.root).values(); // workspace folders first
    // A few at a time: with all at once, none is there in time.
    const read = async (): Promise<void> => {
      for (const root of roots) all.push({ root, specs: await this.catalog.specs(root) });
    };
    await Promise.race([Promise.all([read(), read()]), setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    return Promise.all(all.flatMap(({ root, specs }) => specs.filter((s) => s.evaluation !== null).map((s) => makeTask(this.app, root, definitionFor(root, s.spec, [], null), s.models))));
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const d = definitionOf(task.definition);
    const root = d === null ? null : rootOf(task, d);
    return d === null || root === null || !vscode.workspace.isTrusted ? undefined : makeTask(this.app, root, d, await modelsOfSpec(this.app, this.catalog, root, d.spec), task.definition);
  }
}
