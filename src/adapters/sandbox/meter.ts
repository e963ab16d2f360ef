// The shell wrapper around every command: it sets the kernel's limits and reports CPU time and left processes on descriptor 3.
//
// CPU time must be taken inside: bubblewrap does not wait for its init, so whoever waits for bubblewrap sees none of it.
// The descriptor is a socket, which nobody can open through /proc; a candidate that debugs its parent can still lie here. The wall time,
// taken outside, is the check on that.

import { existsSync } from 'node:fs';
import type { Limits } from './job.ts';
import { TICK_MS } from './procfs.ts';

const find = (paths: readonly string[]): string | null => paths.find((path) => existsSync(path)) ?? null;

let bash: string | null | undefined;

/** bash has `time` with milliseconds; without one there is no CPU time. */
function bashPath(): string | null {
  return (bash ??= find(['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/run/current-system/sw/bin/bash']));
}

/** The wrapped argument vector. `namespace`: the wrapper stands in a pid namespace of its own and can count who is left. */
export function metered(argv: readonly string[], limits: Limits, options: { readonly cpu: boolean; readonly namespace: boolean }): string[] {
  const shell = options.cpu ? bashPath() : null;
  const script = [
    // A limit that is already lower stays: setting it then fails, and that is well. Files: 1 KB units in bash, 512 bytes in POSIX shells.
    ...[
      '-c 0', '-n 4096', `-f ${limits.fileSizeMb * (shell === null ? 2048 : 1024)}`,
      // Not on Linux: under RLIMIT_CPU a process's own CPU clock only moves with the timer's tick (4 ms), so that an evaluation that
      // reads it (process_time, std::clock) would measure ticks. The watchdog limits CPU time there.
      ...(process.platform === 'linux' ? [] : [`-S -t ${limits.cpuSeconds}`, `-H -t ${limits.cpuSeconds + 1}`]),
      // The data segment, never the address space: the JVM and WebAssembly reserve far more than they use.
      `-d ${(limits.memoryMb + 1024) * 1024}`,
    ].map((limit) => `ulimit ${limit} 2>/dev/null`),
  ];
  if (shell !== null) script.push(`TIMEFORMAT='cpu %3U %3S'`, 'exec 4>&2', '{ time "$@" 2>&4 3>&- 4>&-; } 2>&3', 'code=$?');
  else if (options.namespace) script.push('"$@" 3>&-', 'code=$?');
  else script.push('exec "$@" 3>&-');
  if (options.namespace) {
    // In the namespace: its init and this shell. Others get up to 200 ms to end by themselves.
    script.push(
      'n=0', 'while set -- /proc/[0-9]*; [ $# -gt 2 ] && [ $n -lt 20 ]; do n=$((n+1)); sleep 0.01 2>/dev/null || break; done', 'left=$(($#-2))',
      // What orphans used is in the times of init's waited children.
      'read -r stat </proc/1/stat', 'set -- $stat', 'echo "rest $left ${16} ${17}" >&3',
    );
  }
  if (shell !== null || options.namespace) script.push('exit $code');
  return [shell ?? '/bin/sh', '-c', script.join('\n'), 'sigil', ...argv];
}

export interface Reading {
  readonly cpuMs: number | null;
  /** Processes left after the command's end; null where the wrapper could not count. */
  readonly left: number | null;
}

/** Reads the wrapper's report. More than one report of a kind is forged: then nothing is known. */
export function readMeter(text: string): Reading {
  const cpu = [...text.matchAll(/^cpu (\d+)[.,](\d{3}) (\d+)[.,](\d{3})$/gm)].map((m) => Number(m[1]) * 1000 + Number(m[2]) + Number(m[3]) * 1000 + Number(m[4]));
  const rest = [...text.matchAll(/^rest (-?\d+) (\d+) (\d+)$/gm)].map((m) => ({ left: Number(m[1]), ms: (Number(m[2]) + Number(m[3])) * TICK_MS }));
  if (cpu.length > 1 || rest.length > 1) return { cpuMs: null, left: null };
  const own = cpu[0];
  return { cpuMs: own === undefined ? null : own + (rest[0]?.ms ?? 0), left: rest[0] === undefined ? null : Math.max(0, rest[0].left) };
}
