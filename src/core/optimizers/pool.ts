// The parents that a search may choose from: the measured, feasible solutions, best first, bounded, with what is spent or banned left out.

import { BASELINE, type SolutionId } from '../solution.ts';
import type { Told } from './optimizer.ts';

export interface Member {
  readonly id: SolutionId;
  /** Estimated effect against the baseline; positive is better. */
  readonly effect: number;
}

export interface Pool {
  /** Best first; ties in order of arrival. The baseline is in it until it is spent or banned. */
  readonly members: readonly Member[];
  readonly barred: readonly SolutionId[];
  readonly capacity: number;
}

export function newPool(capacity: number): Pool {
  return { members: [{ id: BASELINE, effect: 0 }], barred: [], capacity };
}

/** Takes a told solution in when it may be a parent and was not barred before its verdict came, and its parent out when that is spent. */
export function tellPool(pool: Pool, told: Told): Pool {
  const base = told.spent ? bar(pool, told.parent) : pool;
  if (!isParentMaterial(told) || isBarred(base, told.id)) return base;
  const at = base.members.findIndex((m) => m.effect < told.effect);
  const member = { id: told.id, effect: told.effect };
  const members = at < 0 ? [...base.members, member] : [...base.members.slice(0, at), member, ...base.members.slice(at)];
  return { ...base, members: members.slice(0, base.capacity) };
}

/** Removes a solution for good. */
export function bar(pool: Pool, id: SolutionId): Pool {
  if (isBarred(pool, id)) return pool;
  return { ...pool, members: pool.members.filter((m) => m.id !== id), barred: [...pool.barred, id] };
}

/** Banned or spent. A solution that is not barred may be a search's current one also when better ones have crowded it out of the members. */
export function isBarred(pool: Pool, id: SolutionId): boolean {
  return pool.barred.includes(id);
}

/** Measured, feasible and right: a solution that failed a gate is nobody's parent. */
export function isParentMaterial<T extends Pick<Told, 'effect' | 'feasible'> & { readonly outcome: Told['outcome'] | null }>(told: T): told is T & { readonly effect: number } {
  return told.effect !== null && Number.isFinite(told.effect) && told.feasible
    && (told.outcome === 'kept' || told.outcome === 'discarded' || told.outcome === 'inconclusive' || told.outcome === 'unverified');
}

/** The effect less one standard error: among many measured solutions the best by estimate alone is mostly the luckiest. */
export function cautious(told: { readonly effect: number; readonly error: number | null }): number {
  return told.effect - (told.error ?? 0);
}

/** How many of the latest effects a new one is compared with. */
export const RECENT = 48;

/** The share of some effects, of which there are any, that this one beats; ties count half. */
export function shareBeaten(recent: readonly number[], mine: number): number {
  return recent.reduce((sum, e) => sum + (mine > e ? 1 : mine === e ? 0.5 : 0), 0) / recent.length;
}
