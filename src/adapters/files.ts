// Working files: read whole with their encoding, replaced whole or not at all.

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
