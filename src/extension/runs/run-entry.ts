// One run as the editor knows it: its state is the fold of its journal, read as far as it has been written.

import type { Event } from '../../core/events.ts';
import { RunFold, type RunState } from '../../core/run-state.ts';
import { isRoundLine, isRunning, lastEvent } from '../../adapters/journal/file-journal.ts';
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
  private running: boolean;
  private last: Event | undefined;

  constructor(root: string, paths: RunPaths) {
    this.paths = paths;
    this.ref = { root, spec: paths.spec, workspace: paths.workspace, run: paths.run };
    this.key = keyOf(this.ref);
    // Rounds are most of a journal, and no state is computed from them.
    this.journal = new LineFollower(paths.journal, isRoundLine);
    this.actions = new LineFollower(paths.actions);
    this.running = isRunning(paths);
  }

  /** The fold of all that has been written. The first call reads the whole journal, later ones what came since. */
  state(): RunState {
    this.read();
    return this.fold.state;
  }

  /** Told without folding the journal: from its lock and its last event. */
  status(): RunStatus {
    if (this.running) return 'running';
    const last = this.last ?? (this.last = lastEvent(this.paths.journal));
    return last?.type === 'run-ended' && last.summary.reason !== 'interrupted' ? 'finished' : 'interrupted';
  }

  /** Looks at the lock and reads what came. True when anything changed. */
  refresh(): boolean {
    const running = isRunning(this.paths);
    const changed = running !== this.running;
    this.running = running;
    return this.read() || changed;
  }

  private read(): boolean {
    const events = this.journal.look((v) => {
      if (!isEvent(v)) return;
      this.fold.apply(v);
      this.last = v;
    }, () => {
      this.fold = new RunFold();
      this.actions.reread(); // they are folded over the journal
    });
    const acted = this.actions.look((v) => { if (isAction(v)) this.fold.act(v); });
    return events || acted;
  }
}
