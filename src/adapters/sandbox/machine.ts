// What this machine is: stands in every report beside the numbers.

import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Machine } from '../../core/events.ts';

export function machineFacts(): Machine {
  return {
    os: `${type()} ${release()} ${arch()}`, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1073741824 * 10) / 10, node: process.versions.node,
  };
}
