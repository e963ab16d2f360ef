// Models: the command that sets one up, and whether one is.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { Bridge } from './bridge.ts';
import { registerCommand, setContext, setting } from '../contributions.ts';

export function modelsFeature(app: App): vscode.Disposable {
  const look = (): void => { setContext('sigil.hasModel', !['', 'builtin'].includes(setting('run.model'))); };
  look();
  return vscode.Disposable.from(
    new Bridge(app),
    registerCommand('sigil.setUpModel', async () => {
      const { setUpModel } = await import('./setup.ts');
      await setUpModel(app);
    }),
    vscode.workspace.onDidChangeConfiguration((e) => { if (e.affectsConfiguration('sigil.run.model')) look(); }),
  );
}
