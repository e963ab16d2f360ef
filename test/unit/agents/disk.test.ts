// Who fills the disk is ended by what was really written: not by what others do to the disk, and not by what was there.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchDisk, type DiskWatch } from '../../../src/adapters/agents/disk.ts';

const MB = 1 << 20;

describe('the disk under an agent', () => {
  let folder: string;
  let watch: DiskWatch | undefined;
  let looks = 0;
  let free = 1000 * MB;
  const freeNow = (): number => {
    looks++;
    return free;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigil-disk-'));
    [looks, free] = [0, 1000 * MB];
    writeFileSync(join(folder, 'before'), Buffer.alloc(8 * MB, 1));
  });
  afterEach(() => {
    watch?.stop();
    rmSync(folder, { recursive: true });
  });
  /** Until it has looked a few times more, or fired. */
  const looked = async (w: DiskWatch): Promise<void> => {
    for (const until = looks + 4; looks < until && !w.signal.aborted;) await new Promise((r) => setTimeout(r, 5));
    await new Promise((r) => setTimeout(r, 20));
  };
  const write = (mb: number): void => {
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'er', `f${mb}`), Buffer.alloc(mb * MB, 1));
    free -= mb * MB;
  };

  it('ends who wrote more than it may', async () => {
    watch = watchDisk([folder], { mostBytes: 16 * MB, leastFree: 1, everyMs: 5 }, freeNow);
    await looked(watch);
    write(7);
    await looked(watch);
    assert.equal(watch.reason, null);
    write(12);
    await looked(watch);
    assert.ok(watch.signal.aborted);
    assert.match(String(watch.reason), /^it wrote more than 0\.0 GB$/);
  });

  it('ends who takes the last of the disk, and nobody for what others took', async () => {
    watch = watchDisk([folder], { mostBytes: 500 * MB, leastFree: 20 * MB, everyMs: 5 }, freeNow);
    await looked(watch);
    free = 15 * MB;
    await looked(watch);
    assert.equal(watch.reason, null);
    write(9);
    await looked(watch);
    assert.match(String(watch.reason), /^it wrote 0\.0 GB, and the disk has less than 0\.0 GB left$/);
  });
});
