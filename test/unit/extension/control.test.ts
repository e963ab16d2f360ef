// A control run is told from others by its journal, and never where a workspace is only called so.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPaths } from '../../../src/adapters/journal/layout.ts';
import { RunEntry } from '../../../src/extension/runs/run-entry.ts';
import { specOf } from '../engine/world.ts';

describe('a run in the editor', () => {
  const root = mkdtempSync(join(tmpdir(), 'sigil-entry-'));
  after(() => { rmSync(root, { recursive: true, force: true }); });

  const entry = (workspace: string, more: object, optimizer = 'greedy'): RunEntry => {
    const paths = runPaths(root, 'spec', workspace, `run-${workspace}-${optimizer}-${Object.keys(more).join('')}`);
    mkdirSync(paths.dir, { recursive: true });
    const spec = { ...specOf({}), optimizer: { name: optimizer, options: {} } };
    writeFileSync(paths.journal, `${JSON.stringify({ v: 1, seq: 0, t: 1, type: 'run-started', run: paths.run, workspace, spec, base: [], ...more })}\n`);
    return new RunEntry(root, paths);
  };

  it('is a control when its journal says so, or when an older one is best-of-n in a control\'s workspace', () => {
    assert.equal(entry('v1-control', { controls: 'run' }).isControl(), true);
    assert.equal(entry('v1-control', {}, 'best-of-n').isControl(), true);
    assert.equal(entry('v1-control', {}).isControl(), false, 'somebody\'s own workspace of that name');
    assert.equal(entry('v1', {}, 'best-of-n').isControl(), false);
  });
});
