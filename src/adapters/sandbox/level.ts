// Chooses how far evaluations are confined, from what the user wants and what the machine can do.

import { UserError } from '../../core/errors.ts';
import type { SandboxLevel } from '../../core/events.ts';
import { probeBubblewrap } from './probe.ts';
import type { Probe } from './probe.ts';

/** `--sandbox`: refuse to run unconfined, confine where possible, or never. */
export type SandboxWish = 'required' | 'best' | 'none';

export interface Containment {
  readonly level: SandboxLevel;
  /** Null at the process-group level. */
  readonly bwrap: string | null;
  /** Why it is not bubblewrap, with the remedy; null when it is. To be shown. */
  readonly note: string | null;
}

/** @throws UserError when `required` cannot be had, or where not even process groups exist. */
export async function chooseLevel(wish: SandboxWish, probe: () => Promise<Probe> = probeBubblewrap): Promise<Containment> {
  if (process.platform === 'win32') throw new UserError('Windows has no process groups, so evaluations cannot be ended reliably', 'Run Sigil in WSL.');
  const unconfined = 'Candidate code can read your files and use the network.';
  if (wish === 'none') return { level: 'process-group', bwrap: null, note: `${unconfined} The sandbox is switched off.` };
  const found = await probe();
  if (found.ok) return { level: 'bubblewrap', bwrap: found.bwrap, note: null };
  if (wish === 'required') throw new UserError(`no sandbox: ${found.reason}`, found.remedy);
  return { level: 'process-group', bwrap: null, note: `${unconfined} No sandbox: ${found.reason}. ${found.remedy}` };
}
