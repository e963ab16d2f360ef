// The record of agents' work, one file an ask: on the disk before anything follows from it, so that no run of an agent is paid twice.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ask } from '../../core/optimizers/optimizer.ts';
import type { Genome } from '../../core/pin.ts';
import { writeDurably } from '../files.ts';
import { callPrefix } from '../journal/layout.ts';
import type { Tokens } from './output.ts';

/** One run of an agent: `calls/<ask>-agent-<name>.json`. */
export interface AgentRecord {
  readonly v: 1;
  readonly ask: number;
  readonly asked: Ask;
  /** `agent/NAME`. */
  readonly model: string;
  readonly began: string;
  readonly seconds: number;
  readonly usd: number;
  /** It did not tell what it cost: this is what such runs are taken to cost. */
  readonly estimated?: true;
  readonly tokens: Tokens;
  readonly command: readonly string[];
  readonly prompt: string;
  /** How the process ended: its exit code, or why there is none. */
  readonly end: string;
  /** The ends of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
  /** What it left behind that does not count. */
  readonly left: readonly string[];
  readonly outcome:
    /** The pins that it changed, and the same as a diff, for people. */
    | { readonly kind: 'edit'; readonly pins: Genome; readonly patch: string; readonly summary: string }
    | { readonly kind: 'none'; readonly reason: string };
}

export class AgentRecords {
  private readonly dir: string;
  private readonly name: string;

  constructor(dir: string, name: string) {
    this.dir = dir;
    this.name = name.replaceAll('/', '-').replace(/[^\w.-]/g, '_');
  }

  private path(ask: number): string {
    return join(this.dir, `${callPrefix(ask)}${this.name}.json`);
  }

  private mark(ask: number): string {
    return this.path(ask).replace(/\.json$/, '.started');
  }

  /** The record of this ask; null when there is none, or of another ask: a power cut can lose an ask's line, but not its record. */
  read(ask: number, asked: Ask): AgentRecord | null {
    const path = this.path(ask);
    if (!existsSync(path)) return null;
    const record = JSON.parse(readFileSync(path, 'utf8')) as AgentRecord;
    return JSON.stringify(record.asked) === JSON.stringify(asked) ? record : null;
  }

  /** Notes that the agent is being started for an ask. True when that had been noted before, and no record came of it: a run that was cut off. */
  async begin(ask: number): Promise<boolean> {
    const before = existsSync(this.mark(ask));
    await writeDurably(this.mark(ask), { began: new Date().toISOString() });
    return before;
  }

  /** Resolves when the record is on the disk. */
  async write(record: AgentRecord): Promise<void> {
    await writeDurably(this.path(record.ask), record);
    this.forget(record.ask);
  }

  /** The agent's run for this ask has ended, and nothing needs to be known of it. */
  forget(ask: number): void {
    rmSync(this.mark(ask), { force: true });
  }
}
