// Names that package.json contributes, in one place and typed. A test compares them with package.json.

import * as vscode from 'vscode';
import type { Node } from './tree/nodes.ts';
import type { ProjectRef, RunRef, SolutionRef } from './refs.ts';

export const EXTENSION_ID = 'sigil.sigil';
export const VIEW_RUNS = 'sigil.runs';
export const PANEL_TYPE = 'sigil.solutions';
export const TASK_TYPE = 'sigil';
/** Documents that show one pinned file as a solution has it: `sigil:/<path>?<SolutionRef>`. */
export const DOCUMENT_SCHEME = 'sigil';

/** Where a function or region to optimize stands; null: at the cursor. */
export interface Place {
  readonly uri: string;
  /** 0-based. */
  readonly line: number;
}

/** The place that a command was called with. Menus of the editor hand over its address, a Uri: then it is the cursor's. */
export function toPlace(arg: unknown): Place | undefined {
  return typeof arg === 'object' && arg !== null && 'uri' in arg && 'line' in arg && typeof arg.uri === 'string' && typeof arg.line === 'number' ? { uri: arg.uri, line: arg.line } : undefined;
}

/** What to run: a spec of a project, from the baseline or from a solution of an earlier run. */
export interface RunRequest {
  readonly project: ProjectRef;
  readonly spec: string;
  readonly from?: string;
  readonly workspace?: string;
}

/** Arguments of each command. All may be called without any from the palette, and then ask or take the selection. */
export interface CommandArguments {
  'sigil.optimize': [where?: Place];
  'sigil.markForOptimization': [where?: Place];
  'sigil.run': [request?: RunRequest | Node];
  /** The same, after asking for search and proposer. */
  'sigil.runWith': [request?: RunRequest | Node];
  'sigil.validate': [request?: Pick<RunRequest, 'project' | 'spec'>];
  'sigil.stop': [run?: RunRef];
  'sigil.resume': [run?: RunRef];
  'sigil.showTerminal': [run?: RunRef];
  'sigil.showRuns': [what?: RunRef | SolutionRef];
  'sigil.openPanel': [what?: SolutionRef | RunRef];
  'sigil.openReport': [run?: RunRef];
  'sigil.openDiff': [solution?: SolutionRef];
  /** Against its parent. */
  'sigil.openParentDiff': [solution?: SolutionRef];
  /** Against the file as it is now. */
  'sigil.openFileDiff': [solution?: SolutionRef];
  'sigil.compareSolutions': [one?: SolutionRef, all?: readonly SolutionRef[]];
  /** What a model or an agent was asked for it, and what it answered. */
  'sigil.showCalls': [solution?: SolutionRef];
  'sigil.accept': [solution?: SolutionRef];
  'sigil.acceptHunks': [solution?: SolutionRef];
  'sigil.derive': [solution?: SolutionRef];
  'sigil.measure': [solution?: SolutionRef];
  'sigil.ban': [solution?: SolutionRef];
  /** A run; or a solution of it, from which the search is to go on. */
  'sigil.steer': [what?: RunRef | SolutionRef];
  'sigil.copyPatch': [solution?: SolutionRef];
  'sigil.copyId': [solution?: SolutionRef];
  'sigil.sortByScore': [];
  'sigil.sortByLineage': [];
  'sigil.refresh': [];
  'sigil.setUpModel': [];
  /** Of the tree only: the rest of a long list, and what waits. */
  'sigil.showMore': [node?: Node];
  'sigil.startQueued': [node?: Node];
  'sigil.removeFromQueue': [node?: Node];
  'sigil.showOutput': [];
  'sigil.openExample': [];
  'sigil.openWalkthrough': [];
  'sigil.createSpecFile': [];
}
export type CommandId = keyof CommandArguments;

/** Settings under `sigil.` with their types. */
export interface Settings {
  'codeLens.enabled': boolean;
  'run.optimizer': 'sigil.yaml' | 'greedy' | 'annealing' | 'tree' | 'ucb' | 'alphaevolve' | 'mads' | 'rl' | 'best-of-n';
  /** `builtin`, or `provider/name`; empty: what `sigil models setup` has set up, else builtin. */
  'run.model': string;
  /** Empty: the provider's own. */
  'run.baseUrl': string;
  /** Null, here and below: what sigil.yaml says. */
  'run.budgetUsd': number | null;
  'run.calls': number | null;
  'run.evaluations': number | null;
  'run.maxMinutes': number | null;
  'run.sandbox': 'required' | 'best' | 'none';
  'run.revealTerminal': 'silent' | 'always' | 'never';
  'notifications.atEnd': boolean;
  'python.path': string;
}

/** Context keys that menus and welcome views read. */
export interface ContextKeys {
  'sigil.hasProject': boolean;
  'sigil.hasMarks': boolean;
  'sigil.hasRuns': boolean;
  'sigil.hasModel': boolean;
  'sigil.running': boolean;
  'sigil.sort': 'lineage' | 'score';
}

type Handler<K extends CommandId> = (...args: CommandArguments[K]) => unknown;

export function registerCommand<K extends CommandId>(id: K, handler: Handler<K>): vscode.Disposable {
  return vscode.commands.registerCommand(id, handler);
}

export function runCommand<K extends CommandId>(id: K, ...args: CommandArguments[K]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

/** A command as lenses, tree items and buttons hold it. */
export function asCommand<K extends CommandId>(id: K, title: string, ...args: CommandArguments[K]): vscode.Command {
  return { command: id, title, arguments: args };
}

export function setting<K extends keyof Settings>(key: K, scope?: vscode.ConfigurationScope): Settings[K] {
  const value = vscode.workspace.getConfiguration('sigil', scope).get<Settings[K]>(key);
  if (value === undefined) throw new Error(`package.json has no default for sigil.${key}`);
  return value;
}

const contextKeys = new Map<string, unknown>();

/** Sets a context key, only when it changes: each set makes all menus look again. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (contextKeys.get(key) === value) return;
  contextKeys.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}
