// Which rows of a long list need an element: those in view and some around them.

export interface Span {
  /** Inclusive. */
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/** The rows in view of a list scrolled to `top`, with `over` more on each side. */
export function span(count: number, rowHeight: number, top: number, height: number, over: number): Span {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - over));
  return { first, end: Math.max(first, Math.min(count, Math.ceil((top + height) / rowHeight) + over)) };
}

/** Where to scroll so that a row is wholly in view; the present place when it is. */
export function revealed(row: number, rowHeight: number, top: number, height: number): number {
  const at = row * rowHeight;
  if (at < top) return at;
  return at + rowHeight > top + height ? Math.max(0, at + rowHeight - height) : top;
}
