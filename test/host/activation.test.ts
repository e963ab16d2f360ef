// The extension in a real host: it activates, contributes what it says, and loads only itself.

import assert from 'node:assert/strict';
import { sep } from 'node:path';
import * as vscode from 'vscode';
import { extension, manifest, until } from './support.ts';

describe('activation', () => {
  it('activates in a folder with a sigil.yaml by itself', async () => {
    await until('activation', () => extension().isActive);
  });

  it('registers no command that package.json does not name', async () => {
    await extension().activate();
    const named = new Set(manifest().contributes.commands.map((c) => c.command));
    const views = Object.values(manifest().contributes.views).flat().map((v) => v.id);
    const registered = (await vscode.commands.getCommands(true)).filter((c) => c.startsWith('sigil.') && !views.some((v) => c === v || c.startsWith(`${v}.`)));
    assert.deepEqual(registered.filter((c) => !named.has(c.replace(/#\d+$/, ''))), []);
    assert.ok(registered.includes('sigil.showOutput'));
  });

  it('has every setting with the default that package.json states', () => {
    for (const [key, { default: stated }] of Object.entries(manifest().contributes.configuration.properties))
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(key)?.defaultValue, stated, key);
  });

  it('loads no file of its own but the bundle', async () => {
    await extension().activate();
    const own = Object.keys(require.cache).filter((f) => f.startsWith(extension().extensionPath + sep) && !f.includes('host-tests') && !f.includes(`${sep}node_modules${sep}`));
    assert.deepEqual(own.map((f) => f.slice(extension().extensionPath.length + 1)), [['dist', 'extension.js'].join(sep)]);
  });

  it('offers the view of runs', async () => {
    await vscode.commands.executeCommand('sigil.runs.focus');
  });
});
