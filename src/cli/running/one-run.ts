// The object graph of one run, from its journal to its proposers, and its course to the summary. The only place that knows all rooms.

import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Event, RunSummary } from '../../core/events.ts';
import { grantedWords } from '../../core/granted.ts';
import { checksResults } from '../../core/spec.ts';
import { FileJournal, isRunning } from '../../adapters/journal/file-journal.ts';
import { ensureSigilDir } from '../../adapters/journal/layout.ts';
import { DayLedger } from '../../adapters/models/day-ledger.ts';
import { Purse } from '../../adapters/models/purse.ts';
import { chooseLevel } from '../../adapters/sandbox/level.ts';
import { run as runEngine } from '../../engine/run.ts';
import { assertAgentsAgreed, grantedTo } from '../agents.ts';
import { assertAgreed, connect } from '../models.ts';
import { ProgressView } from '../view/progress.ts';
import type { Output } from '../view/terminal.ts';
import { lanesFor, openBackend } from './backend.ts';
import type { Conduct } from './conduct.ts';
import { prepare } from './prepare.ts';
import { asksAnyone, CALLS, callsFor, openProposer, type OpenProposer } from './proposers.ts';
import { recorder } from './recorder.ts';
import type { Signals } from './signals.ts';

/** @param tell takes each event, in the journal's order */
export async function oneRun(c: Conduct, out: Output, sig: Signals, tell: (e: Event) => void): Promise<RunSummary> {
  const containment = await chooseLevel(c.sandbox);
  if (c.models.length > 0 && c.what.kind === 'new') assertAgreed(c.sandbox, containment);
  if (c.what.kind === 'new') assertAgentsAgreed(c.agents, c.sandbox, containment);
  ensureSigilDir(c.root);
  const view = c.json ? null : new ProgressView(out);
  let bridge: string | null = null;
  const say = (text: string): void => { if (view) view.print(text); else out.line(text); };
  /** A line of the beginning, for people. */
  const note = (text: string): void => { if (!c.json) out.line(text); };
  const caution = (text: string): void => { note(out.paint(text, 'yellow')); };
  const connected = await connect(c.models, callsFor(c).calls ?? CALLS, sig.abort, say, () => bridge);
  const prepared = await prepare(c);
  const { paths, spec, base, optimizer, options, start, opened } = prepared;
  bridge = paths.bridge;
  if (!isRunning(paths)) rmSync(bridge, { force: true }); // of a window that an earlier process of this run has met: it is offered anew
  const purse = new Purse(spec.budget.usd, prepared.spent, new DayLedger(c.usdPerDay));
  const record = recorder(c.root, paths, base, c.logDir === null ? null : resolve(c.root, c.logDir));
  const journal = new FileJournal(paths, () => Date.now(), (e) => {
    record.on(e);
    tell(e);
    view?.on(e);
  });
  try {
    if (opened !== null) {
      view?.adopt(opened.fold);
      if (c.logDir !== null) journal.replay(record.adopt, 'last');
    }
    const backend = await openBackend(c.root, spec, base, containment, paths.run, sig.abort, say);
    let asked: OpenProposer | null = null;
    try {
      asked = await openProposer(c, connected, prepared, { containment, purse, abort: sig.abort, say });
      if (!checksResults(spec)) caution(`Nothing checks that results stay right (no gates, no call eval)${asksAnyone(c) ? '' : ': the generic edits are off'}.`);
      for (const words of asked.words) note(words);
      if (c.agents.length > 0 && !c.json) out.prose(out.paint(grantedWords(await grantedTo(c.agents, c.root), spec, containment.level === 'bubblewrap'), 'yellow'));
      if (containment.note !== null) caution(containment.note);
      if (backend.credentials.length > 0) caution(`Candidate code sees ${backend.credentials.join(', ')}: the spec names ${backend.credentials.length === 1 ? 'it' : 'them'} under env.`);
      const lanes = lanesFor(spec, c.parallel, backend.machine.cores);
      const { novelty } = asked;
      return await runEngine({
        ports: { journal, backend, proposer: asked.proposer, clock: { now: () => Date.now() } },
        optimizer, options, lanes, ...callsFor(c), ...(novelty === undefined ? {} : { novelty }), interrupt: sig.interrupt, abort: sig.abort,
        start: start === null ? null : { ...start, level: containment.level, checkout: backend.checkout, machine: backend.machine, commit: backend.head, slots: lanes },
        ...(c.what.kind === 'resume' ? c.what.changes : { extendTo: null }),
      });
    } finally {
      view?.end();
      await asked?.close();
      await backend.close();
    }
  } finally {
    await journal.close();
  }
}
