// What `sigil mark --json` and `sigil validate --json` answer.

import type { Noise } from '../../core/events.ts';

export interface Way {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly asks: readonly ('command' | 'metric' | 'goal')[];
  readonly metric: string | null;
  readonly command: string | null;
}

/** Of `mark FILE:LINE --list`. */
export interface WaysAnswer {
  readonly id: string;
  readonly symbol: string | null;
  readonly ways: readonly Way[];
  readonly automatic: string | null;
  readonly gates: readonly { readonly name: string; readonly command: string }[];
}

/** Of `mark FILE:LINE --measure … --stdin`: nothing is written yet. */
export interface MarkAnswer {
  readonly id: string;
  readonly spec: string;
  readonly files: readonly { readonly file: string; readonly text: string; readonly created: boolean }[];
  /** A file that measures nothing until somebody fills it in. */
  readonly unfinished: string | null;
}

/** Of `validate SPEC`. */
export interface CheckAnswer {
  readonly spec: string;
  readonly ok: boolean;
  readonly missing: readonly string[];
  readonly checked: boolean;
  readonly planted: readonly { readonly pin: string; readonly by: string | null; readonly moved: boolean }[];
  readonly noise: Noise;
  readonly estimatedSeconds: number;
}
