// What host tests share: the extension, the folder, waiting.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID } from '../../src/extension/contributions.ts';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension<unknown>(EXTENSION_ID);
  if (!found) throw new Error(`${EXTENSION_ID} is not installed`);
  return found;
}

/** The copy of test/host/project that the window has open. */
export function projectFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return folder.uri;
}

export interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(extension().extensionPath, 'package.json'), 'utf8')) as Manifest;
}

/** Asks again until there is an answer. */
export async function until<T>(what: string, get: () => T | Promise<T>, right: (value: T) => boolean = Boolean, timeoutMs = 20_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ;) {
    const value = await get();
    if (right(value)) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s for ${what}; last: ${JSON.stringify(value)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
