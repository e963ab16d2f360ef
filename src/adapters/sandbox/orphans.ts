// Cleans up after an engine and runner that both died: processes and private folders that bear a dead engine's name.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, sleep } from './family.ts';
import { liveness } from './identity.ts';
import { runOf, scan } from './procfs.ts';

export const SCRATCH_PREFIX = 'sigil-run.';

/** The engine's part of a run id. */
function owner(run: string): string {
  return run.slice(0, run.lastIndexOf('.'));
}

/**
 * Kills processes of this user that a dead engine's runs left, or, with `run` given, all whose run id starts so.
 * Processes of another pid namespace are left alone: their engine may live where we cannot see it.
 */
export async function killOrphans(run?: string): Promise<number> {
  const killed = new Set<number>();
  const uid = process.getuid?.();
  for (let look = 0; look < 200; look++) {
    let found = 0;
    for (const proc of scan()?.values() ?? []) {
      if (proc.zombie || proc.pid === process.pid) continue;
      const id = runOf(proc.pid);
      if (id === null || !(run === undefined ? liveness(owner(id)) === 'dead' : id.startsWith(run))) continue;
      if (ownerOf(proc.pid) !== uid) continue;
      kill(proc.pid);
      killed.add(proc.pid);
      found++;
    }
    if (found === 0) break;
    await sleep(5);
  }
  return killed.size;
}

function ownerOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return null;
  }
}

/** Removes private folders of dead engines. */
export function removeStaleScratch(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(SCRATCH_PREFIX) || liveness(owner(name.slice(SCRATCH_PREFIX.length))) !== 'dead') continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}
