// Tells how much of the machine others used while something was measured, so that a round can be repeated without a look at its ratio.

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

export interface Load {
  /** Cores kept busy by everyone but us, on average. */
  readonly others: number;
  /** The share of the time that the hypervisor gave to other machines, 0 to 1; 0 where that is not told. */
  readonly steal: number;
}

interface Ticks {
  readonly busy: number;
  readonly steal: number;
  readonly all: number;
}

function ticks(): Ticks {
  try {
    // user nice system idle iowait irq softirq steal; guest time is in user already.
    const f = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
    const at = (i: number): number => f[i] ?? 0;
    const busy = at(0) + at(1) + at(2) + at(5) + at(6);
    return { busy, steal: at(7), all: busy + at(3) + at(4) + at(7) };
  } catch {
    let busy = 0;
    let idle = 0;
    for (const { times } of cpus()) {
      busy += times.user + times.nice + times.sys + times.irq;
      idle += times.idle;
    }
    return { busy, steal: 0, all: busy + idle };
  }
}

/**
 * Starts watching; the returned function ends it. It takes the CPU milliseconds of the evaluations in between, and returns null when
 * less than 50 ms went by: the kernel counts in hundredths of a second.
 */
export function watchLoad(): (ownCpuMs: number) => Load | null {
  const before = ticks();
  const own = process.cpuUsage();
  const began = performance.now();
  return (ownCpuMs) => {
    const wallMs = performance.now() - began;
    const after = ticks();
    const all = after.all - before.all;
    if (wallMs < 50 || all <= 0) return null;
    const engine = process.cpuUsage(own);
    // Of the whole machine, in cores, and less what is ours.
    const busy = ((after.busy - before.busy) / all) * cpus().length;
    return { others: Math.max(0, busy - (ownCpuMs + (engine.user + engine.system) / 1000) / wallMs), steal: (after.steal - before.steal) / all };
  };
}

/** Whether others left us less than one core and a quarter, or the hypervisor took more than a twentieth. */
export function isContended(load: Load, cores: number = availableParallelism()): boolean {
  return load.steal > 0.05 || load.others > Math.max(0.25, cores - 1.25);
}
