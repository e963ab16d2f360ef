// What every feature is given.

import type * as vscode from 'vscode';
import type { SigilCli } from './cli.ts';
import type { Keys } from './models/keys.ts';
import type { Projects } from './projects.ts';
import type { RunStore } from './runs/run-store.ts';

export interface App {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly cli: SigilCli;
  readonly keys: Keys;
  readonly projects: Projects;
  readonly runs: RunStore;
}

/** A feature: registers itself, and is undone by what it returns. */
export type Feature = (app: App) => vscode.Disposable;
