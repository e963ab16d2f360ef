// The envelope of journal lines, checked loosely: a reader tolerates unknown types and keys of newer writers.

import { z } from 'zod';
import type { Action, Event } from '../core/events.ts';

const envelope = z.looseObject({ v: z.literal(1), seq: z.number().int().nonnegative(), t: z.number(), type: z.string() });

const EVENT_TYPES: ReadonlySet<string> = new Set<Event['type']>([
  'run-started', 'baseline', 'resumed', 'asked', 'proposed', 'gated', 'test-entered', 'round', 'verdict', 'promoted', 'confirmed', 'acted', 'infra-error', 'stopped', 'run-ended',
]);
const ACTION_TYPES: ReadonlySet<string> = new Set<Action['type']>(['accepted', 'banned', 'stop-requested', 'measured']);

/** Whether a parsed line is an event of a known type. */
export function isEvent(value: unknown): value is Event {
  const r = envelope.safeParse(value);
  return r.success && EVENT_TYPES.has(r.data.type);
}

/** Whether a parsed line is an action of a known type. */
export function isAction(value: unknown): value is Action {
  const r = envelope.safeParse(value);
  return r.success && ACTION_TYPES.has(r.data.type);
}
