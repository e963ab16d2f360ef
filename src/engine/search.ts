// The optimizer in the loop: asks, tells and bans in the journal's order, so that a replay ends in the same state.

import type { Event } from '../core/events.ts';
import { isOwn } from './own-asks.ts';
import type { Ask, Optimizer, Plan, Told } from '../core/optimizers/optimizer.ts';
import type { Weights } from '../core/optimizers/policy.ts';
import { restoredRng, seededRng, type Rng } from '../core/rng.ts';
import type { SolutionId } from '../core/solution.ts';
import type { SolutionState } from '../core/run-state.ts';
import { addTraits, NO_TRAITS, traitsOfPatch, type Traits } from '../core/traits.ts';

export class Search {
  private readonly optimizer: Optimizer;
  private state: unknown;
  private rng: Rng;
  /** Asks that have no verdict yet. */
  private readonly open = new Map<number, Ask>();
  private readonly traits = new Map<SolutionId, Traits>();

  constructor(optimizer: Optimizer, options: Readonly<Record<string, number | boolean | string>>, seed: number, plan: Plan) {
    this.optimizer = optimizer;
    this.state = optimizer.init(options, plan);
    this.rng = seededRng(`${seed}/search`);
  }

  /** The next ask, and the generator's state before it. */
  ask(): { readonly ask: Ask | null; readonly rng: string } {
    const before = this.rng.state();
    const { state, ask } = this.optimizer.ask(this.state, this.rng);
    this.state = state;
    return { ask, rng: before };
  }

  /** What later runs may begin with; undefined of a search that does not learn. */
  get learned(): Weights | undefined {
    return this.optimizer.learned?.(this.state);
  }

  get rngState(): string {
    return this.rng.state();
  }

  private tell(told: Told): void {
    this.state = this.optimizer.tell(this.state, told, this.rng);
  }

  private ban(id: SolutionId): void {
    this.state = this.optimizer.ban(this.state, id);
  }

  /** Takes in what the journal says, live or replayed: what was asked and proposed, verdicts and bans. */
  follow(e: Event, solution: (id: SolutionId) => SolutionState | undefined): void {
    if (e.type === 'acted') for (const id of e.banned) this.ban(id);
    if (e.type === 'asked') this.open.set(e.ask, e.request);
    if (e.type === 'proposed') this.traits.set(e.id, addTraits(this.traits.get(e.parents[0] ?? '') ?? NO_TRAITS, traitsOfPatch(e.patch)));
    if (e.type !== 'verdict') return;
    const s = solution(e.id);
    const ask = this.open.get(e.ask);
    this.open.delete(e.ask);
    if (s && ask) this.tell(toldOf(e, s, ask, this.traits.get(e.id) ?? NO_TRAITS));
  }

  /** Follows one event of a journal. Throws when the journal and the optimizer disagree: another version wrote it. */
  replay(e: Event, solution: (id: SolutionId) => SolutionState | undefined): void {
    this.follow(e, solution);
    if (e.type !== 'asked') return;
    // The stream is set from the journal: an ask that found nothing to do leaves no event, but may have drawn.
    this.rng = restoredRng(e.rng);
    if (isOwn(e.request)) return; // the run's own, not the optimizer's
    const { ask } = this.ask();
    if (JSON.stringify(ask) !== JSON.stringify(e.request))
      throw new Error(`the journal's ask ${e.ask} is ${JSON.stringify(e.request)}, but this version of "${this.optimizer.name}" would ask ${JSON.stringify(ask)}`);
  }
}

/** What the optimizer is told of a verdict: a function of the journal alone. */
function toldOf(verdict: Extract<Event, { type: 'verdict' }>, s: SolutionState, ask: Ask, traits: Traits): Told {
  return {
    id: s.id, parent: s.parents[0] ?? 'baseline', ask, traits, outcome: verdict.outcome, effect: verdict.effect, error: verdict.estimate?.error ?? null,
    feasible: verdict.feasible, operator: s.operator, spent: s.spent,
  };
}
