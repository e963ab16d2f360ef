// A cap on what agents spend. What a run of one costs is known when it has ended: each reserves as much as the dearest one seen.

/** A run may take so many times what the dearest one took, where the agent itself can be told its limit. */
const ROOM = 3;

export interface Reserved {
  /** What the run may spend at most; null where there is no cap. */
  readonly usd: number | null;
  settle(usd: number): void;
}

export class Allowance {
  private readonly limit: number | null;
  private readonly keepsLimits: boolean;
  private spent: number;
  private reserved = 0;
  private inFlight = 0;
  private waiting: (() => void)[] = [];
  private dearest: number;

  /**
   * @param limit USD, or null for none
   * @param keepsLimits the agent can be told what it may spend
   * @param spent what the run has spent before
   * @param estimate what a run is taken to cost until one has told
   */
  constructor(limit: number | null, keepsLimits: boolean, spent: number, estimate: number) {
    this.limit = limit;
    this.keepsLimits = keepsLimits;
    this.spent = spent;
    this.dearest = estimate;
  }

  private seen = false;

  /** What a run is taken to cost. */
  get expected(): number {
    return this.dearest;
  }

  /** Takes note of what was spent without a reservation. */
  note(usd: number): void {
    this.spent += usd;
  }

  /** Learns from what a run has told that it cost. */
  learn(usd: number): void {
    this.dearest = this.seen ? Math.max(this.dearest, usd) : usd;
    this.seen = true;
  }

  /** Waits for runs in flight where the budget hangs on what they cost. Null when another cannot be afforded. */
  async reserve(): Promise<Reserved | null> {
    for (;;) {
      const left = this.limit === null ? Infinity : this.limit - this.spent - this.reserved;
      if (left > 0 && left >= this.dearest) return this.take(this.keepsLimits ? Math.min(left, Math.max(this.dearest * ROOM, 0.01)) : this.dearest);
      if (this.inFlight === 0) return null;
      await new Promise<void>((settled) => this.waiting.push(settled));
    }
  }

  private take(amount: number): Reserved {
    this.reserved += amount;
    this.inFlight++;
    let open = true;
    return {
      usd: this.limit === null ? null : amount,
      settle: (usd) => {
        if (!open) return;
        open = false;
        this.inFlight--;
        this.reserved = this.inFlight === 0 ? 0 : this.reserved - amount; // sums of fractions drift
        this.spent += usd;
        for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }
}
