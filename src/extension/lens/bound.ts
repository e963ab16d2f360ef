// Commands with their arguments bound, for lenses.
//
// VS Code keeps the arguments of a lens's command only until the next lenses are there, and a click that comes meanwhile ends in "Actual
// command not found". A command without arguments is called by its name, which holds as long as it is registered.

import * as vscode from 'vscode';

/** More than the lenses of any one screen; what has not been shown for longest goes first. */
const MOST = 300;

export class BoundCommands implements vscode.Disposable {
  /** By command and arguments; the one asked for last stands last. */
  private readonly bound = new Map<string, { readonly name: string; readonly registration: vscode.Disposable }>();
  private count = 0;

  /** The same command without arguments. */
  bind(command: vscode.Command): vscode.Command {
    const { command: name, arguments: args = [], ...shown } = command;
    if (args.length === 0) return command;
    const key = JSON.stringify([name, args]);
    const known = this.bound.get(key);
    const entry = known ?? this.register(name, args as readonly unknown[]);
    this.bound.delete(key);
    this.bound.set(key, entry);
    if (known === undefined && this.bound.size > MOST) {
      const [oldest] = this.bound;
      oldest?.[1].registration.dispose();
      if (oldest !== undefined) this.bound.delete(oldest[0]);
    }
    return { ...shown, command: entry.name };
  }

  private register(command: string, args: readonly unknown[]): { name: string; registration: vscode.Disposable } {
    const name = `${command}#${++this.count}`;
    return { name, registration: vscode.commands.registerCommand(name, () => vscode.commands.executeCommand(command, ...args)) };
  }

  dispose(): void {
    for (const b of this.bound.values()) b.registration.dispose();
  }
}
