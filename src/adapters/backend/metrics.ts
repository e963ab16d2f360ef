// The values of a spec's metrics from one run of its measure command.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fromJson, fromLines, fromRegex, toNumber, type Extracted } from '../../core/metric-text.ts';
import type { SpecMetric } from '../../core/spec.ts';
import type { RunResult } from '../sandbox/job.ts';

export interface Values {
  readonly values: Readonly<Record<string, number>>;
  /** For each metric, how many places of the output gave it. */
  readonly matches: Readonly<Record<string, number>>;
}

/** Runs a parse command over the output; returns its stdout or the reason of its failure. */
export type RunParser = (command: string, output: string) => Promise<{ readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly reason: string }>;

function fromFile(root: string, m: SpecMetric & { readonly source: { readonly from: 'file' } }): Extracted {
  const path = join(root, m.source.file);
  let text: string;
  try {
    if (statSync(path).size > 64 << 20) return { ok: false, reason: `${m.source.file} is larger than 64 MB` };
    text = readFileSync(path, 'utf8');
  } catch {
    return { ok: false, reason: `it did not write ${m.source.file}` };
  }
  return m.source.path !== undefined ? fromJson(text, m.source.path, m.name) : /^\s*[[{]/.test(text) ? fromJson(text, m.name, m.name) : fromLines(text, m.name);
}

async function extract(m: SpecMetric, r: RunResult, root: string, parse: RunParser): Promise<Extracted> {
  const { source } = m;
  switch (source.from) {
    case 'line': {
      const out = fromLines(r.stdout, m.name);
      return out.ok || !out.reason.startsWith('nothing') ? out : fromLines(r.stderr, m.name).ok ? fromLines(r.stderr, m.name) : out;
    }
    case 'json': return fromJson(r.stdout, source.path, m.name);
    case 'regex': return fromRegex(r.stdout, source.regex, m.name);
    case 'file': return fromFile(root, { ...m, source });
    case 'parse': {
      const parsed = await parse(source.command, r.stdout);
      return parsed.ok ? toNumber(parsed.stdout, m.name) : parsed;
    }
    case 'timer': {
      const value = source.clock === 'wall' ? r.wallMs : r.cpuMs;
      return value === null ? { ok: false, reason: 'the CPU time of the command cannot be measured on this machine' } : { ok: true, value, matches: 1 };
    }
    case 'call': return { ok: false, reason: 'it comes from the call eval' };
  }
}

/** All metrics, or the first that has no number, in words. `skip` leaves out those of the call eval. */
export async function valuesOf(metrics: readonly SpecMetric[], r: RunResult, root: string, parse: RunParser): Promise<Values | { readonly reason: string }> {
  const values: Record<string, number> = {};
  const matches: Record<string, number> = {};
  for (const m of metrics) {
    if (m.source.from === 'call') continue;
    const e = await extract(m, r, root, parse);
    if (!e.ok) return { reason: e.reason };
    values[m.name] = e.value;
    matches[m.name] = e.matches;
  }
  return { values, matches };
}
