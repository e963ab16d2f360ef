// What runs of an agent may cost. That of one is known when it has ended: the next is taken to cost as much as the dearest one seen.

import type { Most } from '../models/purse.ts';

/** A run may take so many times what the dearest one took, where the agent itself can be told its limit. */
const ROOM = 3;

export class RunCost {
  private readonly keepsLimits: boolean;
  private dearest: number;
  private seen = false;

  /**
   * @param keepsLimits the agent can be told what it may spend
   * @param estimate USD that a run is taken to cost until one has told
   */
  constructor(keepsLimits: boolean, estimate: number) {
    this.keepsLimits = keepsLimits;
    this.dearest = estimate;
  }

  /** What a run is taken to cost. */
  get expected(): number {
    return this.dearest;
  }

  /** Learns from what a run has told that it cost. */
  learn(usd: number): void {
    this.dearest = this.seen ? Math.max(this.dearest, usd) : usd;
    this.seen = true;
  }

  /** What a run may take of so many USD that are left; null when they are too few. `limit`: what the agent is to be told; null where there is no end of money. */
  fit(left: number): (Most & { readonly limit: number | null }) | null {
    if (left <= 0 || left < this.dearest) return null;
    const most = this.keepsLimits ? Math.min(left, Math.max(this.dearest * ROOM, 0.01)) : this.dearest;
    return { most, limit: left === Infinity ? null : most };
  }
}
