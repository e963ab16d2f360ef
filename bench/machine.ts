// The machine that a page of results was measured on, and how busy it was: no figure is worth much without.

import { cpus, loadavg } from 'node:os';
import { machineFacts } from '../src/adapters/sandbox/machine.ts';

/** One line: processor, cores, memory, system, Node, the load average of the last minute, and the date (UTC). */
export function machineLine(now: Date = new Date()): string {
  const { cpu, cores, memoryGb, os, node } = machineFacts();
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, Node ${node}; load average ${loadLine()}; ${now.toISOString().slice(0, 10)}.`;
}

/** The load average of the last minute, and how many cores share it. */
export function loadLine(): string {
  return `${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} cores`;
}

/** The q-quantile of some values; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;
}
