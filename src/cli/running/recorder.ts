// What a run leaves beside its journal as events come: the workspace's tree of diffs, and copies in the log directory.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Event } from '../../core/events.ts';
import { Genomes } from '../../core/genomes.ts';
import { renderFiles, type BaseFile } from '../../core/pin.ts';
import { encodeText } from '../../adapters/checkout/encoding.ts';
import { readSource } from '../../adapters/files.ts';
import type { RunPaths } from '../../adapters/journal/layout.ts';

export interface Recorder {
  /** Takes in an event of an earlier process of the run: its files are there. */
  readonly adopt: (e: Event) => void;
  readonly on: (e: Event) => void;
}

/** @param logDir an absolute path; null for no copies */
export function recorder(root: string, paths: RunPaths, base: readonly BaseFile[], logDir: string | null): Recorder {
  mkdirSync(paths.solutions, { recursive: true });
  const patches = new Map<string, { readonly parents: readonly string[]; readonly patch: string }>();
  const genomes = new Genomes(base, (id) => patches.get(id));
  const adopt = (e: Event): void => {
    if (logDir !== null && e.type === 'proposed') patches.set(e.id, { parents: e.parents, patch: e.patch });
  };
  const copies = (name: string, id: string): void => {
    if (logDir === null) return;
    for (const [file, text] of renderFiles(base, genomes.of(id))) {
      const path = join(logDir, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, encodeText(text, readSource(join(root, file)).encoding, file));
    }
  };
  const on = (e: Event): void => {
    adopt(e);
    if (e.type === 'proposed' && e.patch !== '') {
      writeFileSync(join(paths.solutions, `${e.id}.diff`), e.patch);
      copies(`step_${e.ask + 1}`, e.id);
    }
    if (e.type === 'run-ended') {
      copies('best', e.summary.best);
      if (logDir !== null) copyFileSync(paths.journal, join(logDir, 'journal.jsonl'));
    }
  };
  return { adopt, on };
}
