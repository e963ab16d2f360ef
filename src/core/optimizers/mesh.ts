// The granular mesh of one variable (Audet, Le Digabel & Tribes 2019, section 3): the frame is 1, 2 or 5 times a power of ten, the mesh
// inside it gets finer twice as fast, and neither gets finer than the variable's granularity.

export interface Axis {
  readonly low: number;
  readonly high: number;
  /** The least difference that there is: 1 for whole numbers, 0 where there is none. */
  readonly granularity: number;
  /** How wide the frame is at first. */
  readonly first: number;
  /** The frame is `digit · 10^power`. */
  readonly digit: number;
  readonly power: number;
}

/** How many powers of ten a frame without granularity may shrink. */
const FINEST = 6;

const powerOfTen = (n: number): number => Number(`1e${n}`); // exact, where Math.pow need not be

function exponentOf(x: number): number {
  return Number(x.toExponential().split('e')[1]);
}

export function frameOf(a: Axis): number {
  return a.digit * powerOfTen(a.power);
}

export function meshOf(a: Axis): number {
  const first = exponentOf(Math.max(a.first, a.granularity) || 1);
  return Math.max(a.granularity, powerOfTen(a.power - Math.abs(a.power - first)));
}

/** The frame as it was at first: `first`, rounded to 1, 2 or 5 times a power of ten. */
export function opened(a: Axis): Axis {
  const first = Math.max(a.first, a.granularity) || 1;
  const power = exponentOf(first);
  const lead = first / powerOfTen(power);
  return lead < 1.5 ? { ...a, digit: 1, power } : lead < 3.5 ? { ...a, digit: 2, power } : lead < 7.5 ? { ...a, digit: 5, power } : { ...a, digit: 1, power: power + 1 };
}

function finer(a: Axis): Axis {
  return a.digit === 5 ? { ...a, digit: 2 } : a.digit === 2 ? { ...a, digit: 1 } : { ...a, digit: 5, power: a.power - 1 };
}

export function wouldShrink(a: Axis): boolean {
  const next = finer(a);
  return a.granularity > 0 ? frameOf(next) >= a.granularity : next.power >= exponentOf(a.first || 1) - FINEST;
}

export function shrunk(a: Axis): Axis {
  return wouldShrink(a) ? finer(a) : a;
}

/** Wider frames along a step that led to something better: where it was short against the frame, the frame stays. */
export function widened(axes: readonly Axis[], step: readonly number[]): readonly Axis[] {
  const parts = axes.map((a, i) => Math.abs(step[i] ?? 0) / frameOf(a));
  const longest = Math.max(...parts);
  return axes.map((a, i) => {
    if (longest === 0 || (parts[i] ?? 0) < 0.1 * longest) return a;
    const next = a.digit === 1 ? { ...a, digit: 2 } : a.digit === 2 ? { ...a, digit: 5 } : { ...a, digit: 1, power: a.power + 1 };
    return frameOf(next) <= a.high - a.low ? next : a;
  });
}
