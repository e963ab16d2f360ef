// One run as the editor knows it: its state is the fold of its journal, read as far as it has been written.

import { statSync } from 'node:fs';
import type { Event, RunSummary } from '../../core/events.ts';
import { CONTROL_SUFFIX, RunFold, isControl, type RunState } from '../../core/run-state.ts';
import { isRoundLine, lastEvent, runningPid } from '../../adapters/journal/file-journal.ts';
import { LineFollower } from '../../adapters/journal/follow.ts';
import type { RunPaths } from '../../adapters/journal/layout.ts';
import { isAction, isEvent } from '../../protocol/journal.ts';
import { keyOf, type RunRef } from '../refs.ts';

export type RunStatus = 'running' | 'interrupted' | 'finished';

export class RunEntry {
  readonly ref: RunRef;
  readonly key: string;
  readonly paths: RunPaths;
  private fold = new RunFold();
  private readonly journal: LineFollower;
  private readonly actions: LineFollower;
  private pid: number | null;
  private last: Event | undefined;
  private opened = false;
  /** Read in this turn of the event loop. */
  private fresh = false;
  private sizes: number;
  /** Grows with each change of the state or the status: what is computed of them holds while it stays. */
  revision = 0;

  constructor(root: string, paths: RunPaths) {
    this.paths = paths;
    this.ref = { root, spec: paths.spec, workspace: paths.workspace, run: paths.run };
    this.key = keyOf(this.ref);
    // Rounds are most of a journal, and no state is computed from them.
    this.journal = new LineFollower(paths.journal, isRoundLine);
    this.actions = new LineFollower(paths.actions);
    this.pid = runningPid(paths);
    this.sizes = sizeOf(paths.journal) + sizeOf(paths.actions);
  }

  /** The fold of all that has been written. The first call reads the whole journal, later ones what came since. */
  state(): RunState {
    if (!this.fresh) {
      this.read();
      // A tree asks once a row: the files are looked at once for all that is drawn together.
      this.fresh = true;
      setImmediate(() => { this.fresh = false; });
    }
    return this.fold.state;
  }

  /** Told without folding the journal: from its lock and its last event. */
  status(): RunStatus {
    if (this.pid !== null) return 'running';
    const last = this.end();
    return last?.type === 'run-ended' && last.summary.reason !== 'interrupted' ? 'finished' : 'interrupted';
  }

  /** Whether it is the control of another run, and so never what is meant by the latest. Only where the workspace suggests it is the journal read. */
  isControl(): boolean {
    if (!this.paths.workspace.endsWith(CONTROL_SUFFIX)) return false;
    const { started } = this.state();
    return started !== null && isControl(started);
  }

  /** The process that runs it; null when none does. */
  process(): number | null {
    return this.pid;
  }

  /** How the run ended, told without folding the journal; null while it goes on and where it was killed. */
  summary(): RunSummary | null {
    const last = this.end();
    return last?.type === 'run-ended' ? last.summary : null;
  }

  /** Looks at the lock and reads what came. True when anything changed. */
  refresh(): boolean {
    const pid = runningPid(this.paths);
    const changed = pid !== this.pid;
    this.pid = pid;
    if (changed) this.revision++;
    return (this.opened ? this.read() : this.grown()) || changed;
  }

  /** Whether there is more of a run that nobody has asked the state of: it need not be folded to know that. */
  private grown(): boolean {
    const sizes = sizeOf(this.paths.journal) + sizeOf(this.paths.actions);
    if (sizes === this.sizes) return false;
    this.sizes = sizes;
    this.last = undefined;
    this.revision++;
    return true;
  }

  private end(): Event | undefined {
    return (this.last ??= lastEvent(this.paths.journal));
  }

  private read(): boolean {
    this.opened = true;
    const events = this.journal.look((v) => {
      if (!isEvent(v)) return;
      this.fold.apply(v);
      this.last = v;
    }, () => {
      this.fold = new RunFold();
      this.actions.reread(); // they are folded over the journal
    });
    const acted = this.actions.look((v) => { if (isAction(v)) this.fold.act(v); });
    if (events || acted) this.revision++;
    return events || acted;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
