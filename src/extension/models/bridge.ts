// Offers VS Code's language models to the runs of this window that name one, as long as they run and the user agrees.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { parseBridge, type BridgeFile } from '../../protocol/bridge.ts';
import type { App } from '../app.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import type { BridgeServer } from './bridge-server.ts';
import { bridgeModels } from './names.ts';

/** What a run was told, by this window. */
interface Told {
  readonly entry: RunEntry;
  readonly token: string | null;
}

export class Bridge implements vscode.Disposable {
  private readonly app: App;
  private readonly told = new Map<string, Told>();
  /** Runs that were looked at: what they were started with does not change. */
  private readonly others = new Set<string>();
  private server: Promise<BridgeServer> | null = null;
  private disposed = false;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(app: App) {
    this.app = app;
    this.subscriptions = [app.runs.onDidChange(() => { this.look(); }), vscode.workspace.onDidGrantWorkspaceTrust(() => { this.look(); })];
    setImmediate(() => { this.look(); }); // a run may go on over a reload: not in the time of the activation
  }

  private look(): void {
    if (this.disposed || !vscode.workspace.isTrusted) return;
    const running = this.app.runs.running();
    for (const entry of running) {
      if (this.others.has(entry.key)) continue;
      const told = this.told.get(entry.key);
      if (told !== undefined && (told.token === null || existsSync(entry.paths.bridge))) continue;
      if (told !== undefined) this.drop(entry); // it was interrupted and resumed between two looks: a run begins without a file
      const { started } = entry.state();
      if (started === null) continue; // it has only begun
      const models = bridgeModels(started);
      if (models.length === 0) this.others.add(entry.key);
      else void this.take(entry, models);
    }
    const live = new Set(running.map((e) => e.key));
    for (const [key, { entry }] of this.told) if (!live.has(key)) this.drop(entry);
    for (const key of this.others) if (!live.has(key)) this.others.delete(key); // it may be resumed
  }

  /** Offers a run what it asks for, after the user's word where it is new. */
  private async take(entry: RunEntry, models: readonly string[]): Promise<void> {
    this.tell(entry, { v: 1, asking: true });
    try {
      const { allow, isAllowed } = await import('./lm.ts');
      const { globalState } = this.app.context;
      for (const name of models) {
        if (isAllowed(globalState, name)) continue;
        const yes = vscode.l10n.t('Allow');
        const no = vscode.l10n.t('Don’t Allow');
        const answer = await vscode.window.showInformationMessage(vscode.l10n.t('The run of “{0}” wants to ask VS Code’s language model {1}: it is sent the code that may change, and your subscription pays.', entry.ref.spec, name), yes, no);
        if (!this.told.has(entry.key)) return; // it has ended meanwhile
        if (answer !== yes) {
          this.tell(entry, { v: 1, refused: 'it was not allowed to use this language model' });
          return;
        }
        await allow(globalState, name);
      }
      const server = await (this.server ??= this.start());
      const { port, token } = await server.offer(entry.key, models);
      if (this.told.has(entry.key)) this.tell(entry, { v: 1, port, token });
      else server.withdraw(entry.key);
      this.app.log.info(`Offering ${models.join(', ')} to ${entry.ref.run}`);
    } catch (e) {
      this.app.log.error(e instanceof Error ? e : String(e));
      this.tell(entry, { v: 1, refused: `VS Code cannot offer its language models: ${e instanceof Error ? e.message : String(e)}` });
    }
  }

  private async start(): Promise<BridgeServer> {
    const [{ BridgeServer: Server }, lm] = await Promise.all([import('./bridge-server.ts'), import('./lm.ts')]);
    return new Server({
      model: async (name) => {
        const found = await lm.languageModel(name);
        return found === null ? null : lm.asBridgeModel(found);
      },
      log: (text) => { this.app.log.debug(text.replaceAll('\0', ' ')); },
    });
  }

  /** Writes the run's bridge file whole, for its user only. */
  private tell(entry: RunEntry, what: BridgeFile): void {
    if (this.disposed) return;
    const path = entry.paths.bridge;
    const temporary = `${path}.${process.pid}`;
    try {
      rmSync(temporary, { force: true });
      writeFileSync(temporary, `${JSON.stringify(what)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
    } catch (e) {
      this.app.log.warn(`${path} cannot be written: ${e instanceof Error ? e.message : String(e)}`); // its folder may be gone
    }
    this.told.set(entry.key, { entry, token: 'token' in what ? what.token : null });
  }

  private drop(entry: RunEntry): void {
    const told = this.told.get(entry.key);
    this.told.delete(entry.key);
    void this.server?.then((s) => { s.withdraw(entry.key); });
    if (told !== undefined) this.forget(told);
  }

  /** Removes a run's file, unless another window has written it since. */
  private forget({ entry, token }: Told): void {
    try {
      const now = parseBridge(readFileSync(entry.paths.bridge, 'utf8'));
      if (now !== null && ('token' in now ? now.token : null) === token) rmSync(entry.paths.bridge, { force: true });
    } catch {
      // it is gone
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const told of this.told.values()) this.forget(told);
    this.told.clear();
    void this.server?.then((s) => { s.close(); });
    for (const s of this.subscriptions) s.dispose();
  }
}
