// Keys of model providers, in the editor's SecretStorage: set for a run's process alone, and shown nowhere.

import type * as vscode from 'vscode';
import { tidyUrl, type KeyPlace } from './asked.ts';

/** A key that is stored, with the variable that a command looks for it in. Holds no key. */
export interface StoredKey extends KeyPlace {
  readonly variable: string;
}

/** Which keys there are: SecretStorage tells it in newer versions only. */
const INDEX = 'sigil.keys';

const nameOf = (p: KeyPlace): string => `sigil.key/${p.provider}${p.baseUrl === null ? '' : `@${tidyUrl(p.baseUrl)}`}`;

export class Keys {
  private readonly secrets: vscode.SecretStorage;
  private readonly memory: vscode.Memento;

  constructor(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.secrets = context.secrets;
    this.memory = context.globalState;
  }

  stored(): readonly StoredKey[] {
    return this.memory.get<readonly StoredKey[]>(INDEX, []);
  }

  has(place: KeyPlace): boolean {
    return this.find(place) !== undefined;
  }

  async store(of: StoredKey, key: string): Promise<void> {
    await this.secrets.store(nameOf(of), key);
    if (!this.has(of)) await this.memory.update(INDEX, [...this.stored(), of]);
  }

  async remove(place: KeyPlace): Promise<void> {
    await this.secrets.delete(nameOf(place));
    await this.memory.update(INDEX, this.stored().filter((k) => nameOf(k) !== nameOf(place)));
  }

  /** The variables that hold these keys, as far as they are stored: for the environment of one process. */
  async environment(places: readonly KeyPlace[]): Promise<Record<string, string>> {
    const env: Record<string, string> = {};
    for (const place of places) {
      const of = this.find(place);
      const key = of === undefined ? undefined : await this.secrets.get(nameOf(of));
      if (of !== undefined && key !== undefined) env[of.variable] = key;
    }
    return env;
  }

  private find(place: KeyPlace): StoredKey | undefined {
    return this.stored().find((k) => nameOf(k) === nameOf(place));
  }
}
