// The envelope of journal lines, checked loosely: a reader tolerates unknown types and keys of newer writers.

import type { Action, Event } from '../core/events.ts';

/** By hand and not by a schema: a journal may have a million lines. */
function typeOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { v, seq, t, type } = value as Readonly<Record<string, unknown>>;
  return v === 1 && Number.isSafeInteger(seq) && (seq as number) >= 0 && typeof t === 'number' && typeof type === 'string' ? type : null;
}

/** As records, so that the compiler misses none: what is not in here is lost when a run is resumed. */
const EVENTS: Readonly<Record<Event['type'], true>> = {
  'run-started': true, 'baseline': true, 'resumed': true, 'asked': true, 'proposed': true, 'profiled': true, 'gated': true, 'test-entered': true, 'round': true, 'verdict': true, 'promoted': true,
  'confirmed': true, 'acted': true, 'waited': true, 'infra-error': true, 'stopped': true, 'run-ended': true,
};
const ACTIONS: Readonly<Record<Action['type'], true>> = { 'accepted': true, 'undone': true, 'banned': true, 'stop-requested': true, 'steered': true, 'measured': true };

/** Whether a parsed line has the envelope, whatever its type: numbering goes on behind lines of newer writers too. */
export function isNumbered(value: unknown): value is { readonly seq: number } {
  return typeOf(value) !== null;
}

/** Whether a parsed line is an event of a known type. */
export function isEvent(value: unknown): value is Event {
  const type = typeOf(value);
  return type !== null && Object.hasOwn(EVENTS, type);
}

/** Whether a parsed line is an action of a known type. */
export function isAction(value: unknown): value is Action {
  const type = typeOf(value);
  return type !== null && Object.hasOwn(ACTIONS, type);
}
