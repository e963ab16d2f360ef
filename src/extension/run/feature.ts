// Running: tasks, the queue, the tree of runs, the status bar, the message at the end.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { TASK_TYPE } from '../contributions.ts';
import { registerTree } from '../tree/feature.ts';
import { Catalog } from './catalog.ts';
import { registerRunCommands } from './commands.ts';
import { registerNotifications } from './notify.ts';
import { registerReport } from './open-report.ts';
import { Runner } from './runner.ts';
import { registerStatusBar } from './status-bar.ts';
import { RunTasks } from './tasks.ts';

export function runsFeature(app: App): vscode.Disposable {
  const catalog = new Catalog(app.cli, app.projects);
  const runner = new Runner(app, catalog);
  return vscode.Disposable.from(
    catalog, runner,
    vscode.tasks.registerTaskProvider(TASK_TYPE, new RunTasks(app, catalog)),
    registerRunCommands(app, catalog, runner),
    registerTree(app, catalog, runner),
    registerStatusBar(app, runner),
    registerNotifications(app, runner),
    registerReport(app),
  );
}
