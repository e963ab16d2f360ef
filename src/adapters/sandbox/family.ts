// The processes that one job has started, however they hid: by descent, group, session and the run's name in their environment.

import { readProc, runOf, scan } from './procfs.ts';
import type { Proc, Table } from './procfs.ts';

/** The processes of one job. It remembers whom it has seen, so that a daemon seen once is not lost when it changes its parent. */
export class Family {
  readonly #run: string;
  readonly #main: number;
  readonly #start: number;
  readonly #born = performance.now();
  /** pid → start time. */
  readonly #known = new Map<number, number>();

  /** `pid` is the leader of a session of its own; call this right after its start. */
  constructor(run: string, pid: number) {
    this.#run = run;
    this.#main = pid;
    this.#start = readProc(pid)?.start ?? 0;
    this.remember(pid);
  }

  remember(pid: number): void {
    const proc = readProc(pid);
    if (proc !== null) this.#known.set(pid, proc.start);
  }

  /**
   * The process table as far as members can be in it; null where there is none. Process ids are given out in order, and in the first second
   * not even a fork bomb takes all of them, so members have higher ones than the main process: a short command is spared the whole table.
   */
  look(): Table | null {
    return scan(performance.now() - this.#born < 1000 ? this.#main : 0);
  }

  /** Living members. `deep` also reads environments: finds a daemon that left the tree, the group and the session between two looks. */
  members(table: Table, deep: boolean): Proc[] {
    const found = new Map<number, Proc>();
    const children = new Map<number, Proc[]>();
    const queue: Proc[] = [];
    for (const proc of table.values()) {
      // A child cannot be older than the job: this also skips most of the system's processes.
      if (proc.start < this.#start) continue;
      const siblings = children.get(proc.ppid);
      if (siblings === undefined) children.set(proc.ppid, [proc]);
      else siblings.push(proc);
      if (this.#known.get(proc.pid) === proc.start || proc.pgrp === this.#main || proc.session === this.#main) queue.push(proc);
      else if (deep && !proc.zombie && runOf(proc.pid) === this.#run) queue.push(proc);
    }
    for (let proc = queue.pop(); proc !== undefined; proc = queue.pop()) {
      if (found.has(proc.pid)) continue;
      found.set(proc.pid, proc);
      this.#known.set(proc.pid, proc.start);
      queue.push(...(children.get(proc.pid) ?? []));
    }
    return [...found.values()].filter((proc) => !proc.zombie);
  }

  /** Kills whoever is left until nobody is, looking again after each blow. Returns how many were found, or an error in words. */
  async exterminate(patienceMs = 10_000): Promise<{ readonly killed: number; readonly error: string | null }> {
    const killed = new Set<number>();
    const until = performance.now() + patienceMs;
    for (let look = 0; ; look++) {
      // Looked at before the blow, so that everyone who is hit is counted.
      const table = this.look();
      const living = table === null ? [] : this.members(table, true);
      if (table !== null && living.length === 0) return { killed: killed.size, error: null };
      const group = kill(-this.#main);
      // Without a process table the group is all that can be known.
      if (table === null && !group) return { killed: killed.size, error: null };
      if (table === null) killed.add(this.#main);
      for (const proc of living) {
        kill(proc.pid);
        killed.add(proc.pid);
      }
      if (performance.now() > until) return { killed: killed.size, error: 'some of its processes could not be killed' };
      await sleep(look < 5 ? 1 : 10);
    }
  }
}

/** SIGKILL; false when there is nobody to receive it. */
export function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
