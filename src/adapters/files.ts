// Working files: read whole with their encoding, replaced whole or not at all.

import { mkdir, open, rename } from 'node:fs/promises';
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodeText, encodeText, type SourceText } from './checkout/encoding.ts';

export function readSource(path: string): SourceText {
  return decodeText(readFileSync(path));
}

/** Replaces several files' texts: all are written beside their targets first, then renamed, so that a full disk changes none. Links are followed, modes kept. */
export function replaceSources(changes: readonly { readonly path: string; readonly text: string }[]): void {
  const staged: { temporary: string; target: string }[] = [];
  try {
    for (const { path, text } of changes) {
      const target = realpathSync(path);
      const temporary = join(dirname(target), `.${basename(target)}.sigil-${process.pid}`);
      staged.push({ temporary, target });
      writeFileSync(temporary, encodeText(text, decodeText(readFileSync(target)).encoding, path));
      chmodSync(temporary, statSync(target).mode);
    }
  } catch (e) {
    for (const s of staged) rmSync(s.temporary, { force: true });
    throw e;
  }
  for (const s of staged) renameSync(s.temporary, s.target);
}

/** Writes a value as JSON, and resolves when it is on the disk, whole: tens of milliseconds later, perhaps. Only the user may read the file; its folder is made. One process writes it at a time. */
export async function writeDurably(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.part`; // what a kill leaves is written over
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
