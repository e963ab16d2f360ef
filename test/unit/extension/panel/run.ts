// A run for the panel's tests: the engine itself on a made-up world, with each kind of outcome.

import { RunFold, type RunState } from '../../../../src/core/run-state.ts';
import type { Action } from '../../../../src/core/events.ts';
import { World, normal, play, specOf, type Done, type Program, type Propose } from '../../engine/world.ts';

export const REF = { root: '/project', spec: 'spec', workspace: 'v1', run: 'run' };

/** What is tried in turn; each is a change of the verified best. */
const TRIED: readonly Program[] = [
  { cost: 80, step: 'one' }, { cost: 200, step: 'worse' }, { cost: 50, step: 'two' }, { fail: 'gate', cost: 40 }, { fail: 'crash', cost: 40 }, { cost: 50, step: 'equal' },
];

const inTurn = (programs: readonly Program[]): Propose => (parent, ask) => {
  const p = programs[ask];
  return p === undefined ? null : { ...parent, ...p };
};

/** A run to its end: two kept ones on top of each other, a worse one, a blocked one, a crashed one, an equal one. */
export async function tried(programs: readonly Program[] = TRIED): Promise<Done> {
  return play({ spec: specOf({ evaluations: programs.length }), world: new World({ noise: normal(0.01) }), propose: inTurn(programs), noise: {} });
}

/** The run as it stood before the event that `until` takes, with what people did. */
export function stateOf(done: Done, until: (type: string) => boolean = () => false, actions: readonly Action[] = []): RunState {
  const fold = new RunFold();
  for (const e of done.events) {
    if (until(e.type)) break;
    fold.apply(e);
  }
  for (const a of actions) fold.act(a);
  return fold.state;
}

/** Islands on which nothing migrates: what stands on each was found there. */
export const ISLANDS = { islands: 3, migration: 100_000 };

/** A run that keeps the best of every kind: programs that grow, shrink and branch. */
export async function archive(): Promise<Done> {
  return play({
    spec: specOf({ evaluations: 60, optimizer: { name: 'alphaevolve', options: ISLANDS } }), world: new World({ noise: normal(0.01) }), noise: {},
    propose: (parent, ask, rng) => ({ ...parent, cost: Math.max(20, Number(parent['cost']) - 6 + Math.floor(rng.next() * 9)), [`note${ask % 5}`]: (ask % 3 === 0 ? 'if x for y ' : 'word ').repeat(1 + (ask % 7)) + String(ask) }),
  });
}
