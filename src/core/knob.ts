// What a search over numbers knows of a knob: where it begins and how far it may go.

export interface KnobRange {
  /** Where it stands, for people: `src/a.py:12`. */
  readonly name: string;
  /** What the baseline has. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** It takes whole numbers only. */
  readonly integer: boolean;
}
