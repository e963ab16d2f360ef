// Wiring only: what every feature shares, then the features.

import * as vscode from 'vscode';
import type { App, Feature } from './app.ts';
import { callsFeature } from './calls/documents.ts';
import { SigilCli } from './cli.ts';
import { registerCommand, setting } from './contributions.ts';
import { lensFeature } from './lens/feature.ts';
import { markingFeature } from './marking/feature.ts';
import { modelsFeature } from './models/feature.ts';
import { Keys } from './models/keys.ts';
import { panelFeature } from './panel/feature.ts';
import { Projects } from './projects.ts';
import { reviewFeature } from './review.ts';
import { runsFeature } from './run/feature.ts';
import { RunStore } from './runs/run-store.ts';
import { steerFeature } from './steer.ts';
import { welcomeFeature } from './welcome/feature.ts';

/** In no order: none needs another. */
const FEATURES: readonly Feature[] = [
  callsFeature,
  lensFeature,
  markingFeature,
  modelsFeature,
  panelFeature,
  reviewFeature,
  steerFeature,
  welcomeFeature,
  runsFeature,
];

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Sigil', { log: true });
  context.subscriptions.push(log, registerCommand('sigil.showOutput', () => { log.show(true); }));
  try {
    const projects = new Projects();
    const runs = new RunStore(projects);
    const app: App = { context, log, cli: new SigilCli(vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath, log, (root) => setting('python.path', vscode.Uri.file(root))), keys: new Keys(context), projects, runs };
    context.subscriptions.push(projects, runs, ...FEATURES.map((register) => register(app)));
  } catch (e) {
    // VS Code shows nothing when an extension fails to activate.
    log.error(e instanceof Error ? e : String(e));
    void vscode.window.showErrorMessage(`Sigil could not start: ${e instanceof Error ? e.message : String(e)}`, 'Show Log').then((answer) => { if (answer) log.show(); });
    throw e;
  }
}
