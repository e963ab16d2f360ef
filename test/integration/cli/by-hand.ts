// Candidates written by hand, through the real backend and engine: only the proposer is ours.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bestOfN } from '../../../src/core/optimizers/best-of-n.ts';
import type { Event } from '../../../src/core/events.ts';
import type { Spec } from '../../../src/core/spec.ts';
import { genomeOf, renderFile } from '../../../src/core/pin.ts';
import { chooseLevel, type SandboxWish } from '../../../src/adapters/sandbox/level.ts';
import { LocalBackend } from '../../../src/adapters/backend/local.ts';
import { FileJournal, readEvents } from '../../../src/adapters/journal/file-journal.ts';
import { ensureSigilDir, runPaths } from '../../../src/adapters/journal/layout.ts';
import { parseSpecs } from '../../../src/adapters/spec/load.ts';
import { resolvePinRefs } from '../../../src/adapters/syntax/resolve.ts';
import type { Proposer } from '../../../src/engine/ports.ts';
import { run } from '../../../src/engine/run.ts';
import { ofType } from './support.ts';

let count = 0;

/** Runs the engine on hand-made texts of the pinned file, each as a child of the baseline. */
export async function tryAll(root: string, texts: readonly string[], wish: SandboxWish): Promise<Event[]> {
  const spec = { ...[...parseSpecs(readFileSync(join(root, 'sigil.yaml'), 'utf8')).specs.values()][0] as Spec, budget: { evaluations: texts.length, timeMs: null, usd: null } };
  const base = await resolvePinRefs(spec.pins, (f) => readFileSync(join(root, f), 'utf8'));
  const [pinned] = base;
  assert.ok(pinned);
  ensureSigilDir(root);
  const paths = runPaths(root, spec.name, 'v1', `hand-made-${wish}-${count++}`);
  mkdirSync(paths.dir, { recursive: true });
  const abort = new AbortController();
  const journal = new FileJournal(paths, () => Date.now());
  const containment = await chooseLevel(wish);
  const backend = await LocalBackend.create({ projectRoot: root, runId: paths.run, spec, base, containment, signal: abort.signal, onWait: () => undefined });
  let next = 0;
  const proposer: Proposer = {
    name: 'by hand',
    propose: () => {
      const text = texts[next++] ?? '';
      const read = genomeOf(base, new Map([[pinned.file, text]]));
      assert.ok('genome' in read);
      return Promise.resolve({ kind: 'proposal', genome: read.genome, operator: `hand ${next - 1}`, summary: '', usd: 0 });
    },
    normalForm: (files, genome) => Promise.resolve(files.map((f) => renderFile(f, genome)).join('\0')),
  };
  try {
    await run({
      ports: { journal, backend, proposer, clock: { now: () => Date.now() } }, optimizer: bestOfN, options: bestOfN.defaults, lanes: 1, interrupt: abort.signal, abort: abort.signal, extendTo: null,
      start: {
        type: 'run-started', run: paths.run, workspace: 'v1', spec, base, commit: backend.head, hashes: {}, seed: 1, machine: backend.machine, level: containment.level, checkout: backend.checkout, model: 'by hand', slots: 1, parent: null,
      },
    });
  } finally {
    await backend.close();
    await journal.close();
  }
  return [...readEvents(paths.journal).events];
}

/** Outcome and reason of each text, in order. */
export const verdicts = (events: readonly Event[]): string[] => ofType(events, 'verdict').sort((a, b) => a.ask - b.ask).map((v) => `${v.outcome}: ${v.reason}`);
