// Puts the fake agent into a folder of programs, under the names of those that it stands for.

import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folder, for PATH */
export function installAgents(desk: string, ...names: readonly string[]): string {
  const tools = join(desk, 'tools');
  mkdirSync(tools);
  for (const name of names) {
    cpSync(join(__dirname, 'fake-agent.cjs'), join(tools, name));
    chmodSync(join(tools, name), 0o755);
  }
  return tools;
}
