// What judges a solution, by content: when it changed, measurements before and after are not comparable.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { BaseFile } from '../core/pin.ts';
import type { Spec } from '../core/spec.ts';

/** Files of the project that a spec's evaluation names: inputs, generators, read-only files, and words of its commands that are files. */
export function judgeFiles(root: string, spec: Spec): string[] {
  const files = new Set<string>(spec.scope.readonly);
  if (spec.call) files.add('file' in spec.call.inputs ? spec.call.inputs.file : (spec.call.inputs.generator.split(':')[0] ?? ''));
  for (const c of [spec.build, spec.measure, spec.heldOut, ...spec.gates, ...(spec.cascade ?? [])])
    for (const word of c?.command.split(/[\s"'=;|&<>()]+/) ?? []) if (word !== '' && !word.startsWith('/')) files.add(word.replace(/^\.\//, ''));
  return [...files].filter((f) => {
    const path = join(root, f);
    return existsSync(path) && statSync(path).isFile();
  }).sort();
}

/** Declared files that are not there, in words. */
export function missingAssets(root: string, spec: Spec): string[] {
  const out: string[] = [];
  const { call } = spec;
  if (call) {
    const file = 'file' in call.inputs ? call.inputs.file : (call.inputs.generator.split(':')[0] ?? '');
    if (!existsSync(join(root, file))) out.push(`${file}: the call eval's inputs are not there`);
  }
  for (const f of [...spec.scope.readonly, ...spec.scope.hidden, ...spec.link, ...spec.copy]) if (!existsSync(join(root, f))) out.push(`${f}: named in the spec, but not there`);
  return out;
}

/** SHA-256 of each judging file, by path. Pinned files are the journal's own. */
export function hashesOf(root: string, spec: Spec, base: readonly BaseFile[]): Record<string, string> {
  const pinned = new Set(base.map((f) => f.file));
  const out: Record<string, string> = {};
  for (const f of judgeFiles(root, spec)) if (!pinned.has(f)) out[f] = createHash('sha256').update(readFileSync(join(root, f))).digest('hex');
  return out;
}

/** Throws when a judging file is not what it was when the run began. */
export function assertSameJudges(root: string, before: Readonly<Record<string, string>>, spec: Spec, base: readonly BaseFile[]): void {
  const now = hashesOf(root, spec, base);
  const changed = Object.keys(before).filter((f) => now[f] !== before[f]);
  if (changed.length > 0)
    throw new UserError(`${changed.join(', ')} changed since the run began: what was measured before cannot be compared with what is measured now`, 'Put it back to resume, or start a new run.');
}
