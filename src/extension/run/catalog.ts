// The specs of each project, as `sigil pins` tells them: asked when somebody needs them, and remembered until files change.

import * as vscode from 'vscode';
import { CliError, type SigilCli } from '../cli.ts';
import type { Projects } from '../projects.ts';
import { specsOf, type KnownSpec, type PinsAnswer } from './pins.ts';

/** Texts that can be marks; what is none is found out by `sigil pins`. */
const MAY_BE_MARKED = /sigil|improve|EVOLVE-BLOCK/;

export class Catalog implements vscode.Disposable {
  private readonly cli: SigilCli;
  private readonly known = new Map<string, readonly KnownSpec[]>();
  private readonly asking = new Map<string, Promise<readonly KnownSpec[]>>();
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly { dispose(): unknown }[];
  /** What was known is out of date, or something is known now. */
  readonly onDidChange = this.emitter.event;

  constructor(cli: SigilCli, projects: Projects) {
    this.cli = cli;
    this.subscriptions = [
      this.emitter,
      projects.onDidChange(() => { this.forget(); }),
      vscode.workspace.onDidSaveTextDocument((d) => {
        const project = projects.of(d.uri);
        if (project && (this.known.has(project.root) || this.asking.has(project.root)) && MAY_BE_MARKED.test(d.getText())) this.forget(project.root);
      }),
    ];
  }

  /** What is known without asking; undefined when nothing is. */
  peek(root: string): readonly KnownSpec[] | undefined {
    return this.known.get(root);
  }

  /** The specs of a project; none in an untrusted workspace. Throws CliError, e.g. for a sigil.yaml with an error. */
  async ask(root: string): Promise<readonly KnownSpec[]> {
    if (!vscode.workspace.isTrusted) return [];
    const known = this.known.get(root);
    if (known) return known;
    let asking = this.asking.get(root);
    if (!asking) {
      asking = this.cli.json<PinsAnswer>(root, ['pins'], { alsoFine: [1] }).then(specsOf);
      this.asking.set(root, asking);
      void asking.then((specs) => {
        if (this.asking.get(root) !== asking) return; // files changed meanwhile
        this.known.set(root, specs);
        this.emitter.fire();
      }, () => undefined).finally(() => {
        if (this.asking.get(root) === asking) this.asking.delete(root);
      });
    }
    return asking;
  }

  /** The same; none where they cannot be told. */
  async specs(root: string): Promise<readonly KnownSpec[]> {
    try {
      return await this.ask(root);
    } catch (e) {
      if (!(e instanceof CliError)) throw e;
      return []; // the log has it
    }
  }

  /** Of one project, or of all. */
  forget(root?: string): void {
    if (root === undefined) {
      this.known.clear();
      this.asking.clear();
    } else {
      this.known.delete(root);
      this.asking.delete(root);
    }
    this.emitter.fire();
  }

  dispose(): void {
    for (const s of this.subscriptions) s.dispose();
  }
}
