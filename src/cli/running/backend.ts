// The backend of a spec as the command opens it, and how many evaluations it makes at a time.

import type { BaseFile } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import { LocalBackend } from '../../adapters/backend/local.ts';
import type { Containment } from '../../adapters/sandbox/level.ts';

/** A backend for a spec; `say` is told when it waits for another run's measurement. */
export function openBackend(root: string, spec: Spec, base: readonly BaseFile[], containment: Containment, runId: string, signal: AbortSignal, say: (text: string) => void): Promise<LocalBackend> {
  let told = 0;
  return LocalBackend.create({
    projectRoot: root, runId, spec, base, containment, signal,
    onWait: (pid) => {
      if (pid !== told) say(`Waiting: process ${pid} is measuring on this machine, and only one may at a time.`); // two runs take turns: once is enough
      told = pid;
    },
  });
}

/** Times one at a time; all else in parallel slots. */
export function lanesFor(spec: Spec, wanted: number | null, cores: number): number {
  if (spec.metrics.some((m) => m.exclusive)) return 1;
  return wanted ?? Math.max(1, Math.min(4, cores - 1));
}
