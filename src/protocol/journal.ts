// The envelope of journal lines, checked loosely: a reader tolerates unknown types and keys of newer writers.

import type { Action, Event } from '../core/events.ts';

/** By hand and not by a schema: a journal may have a million lines. */
function typeOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { v, seq, t, type } = value as Readonly<Record<string, unknown>>;
  return v === 1 && Number.isSafeInteger(seq) && (seq as number) >= 0 && typeof t === 'number' && typeof type === 'string' ? type : null;
}

const EVENT_TYPES: ReadonlySet<string> = new Set<Event['type']>([
  'run-started', 'baseline', 'resumed', 'asked', 'proposed', 'gated', 'test-entered', 'round', 'verdict', 'promoted', 'confirmed', 'acted', 'waited', 'infra-error', 'stopped', 'run-ended',
]);
const ACTION_TYPES: ReadonlySet<string> = new Set<Action['type']>(['accepted', 'undone', 'banned', 'stop-requested', 'steered', 'measured']);

/** Whether a parsed line has the envelope, whatever its type: numbering goes on behind lines of newer writers too. */
export function isNumbered(value: unknown): value is { readonly seq: number } {
  return typeOf(value) !== null;
}

/** Whether a parsed line is an event of a known type. */
export function isEvent(value: unknown): value is Event {
  const type = typeOf(value);
  return type !== null && EVENT_TYPES.has(type);
}

/** Whether a parsed line is an action of a known type. */
export function isAction(value: unknown): value is Action {
  const type = typeOf(value);
  return type !== null && ACTION_TYPES.has(type);
}
