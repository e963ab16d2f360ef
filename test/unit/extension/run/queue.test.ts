// Which queued runs may start, and what becomes of a queue over a reload.

import assert from 'node:assert/strict';
import { restored, startable, type Wanted } from '../../../../src/extension/run/queue.ts';

const wanted = (id: string, spec: string, exclusive = true, more: Partial<Wanted> = {}): Wanted => ({ id, root: '/p', spec, arguments: [], resume: null, exclusive, held: false, ...more });
const ids = (ws: readonly Wanted[]): string[] => ws.map((w) => w.id);

describe('the queue of runs', () => {
  it('starts one run that measures times, and lets the others wait', () => {
    assert.deepEqual(ids(startable([wanted('1', 'a'), wanted('2', 'b')], [])), ['1']);
    assert.deepEqual(ids(startable([wanted('2', 'b')], [{ root: '/p', spec: 'a', exclusive: true }])), []);
    assert.deepEqual(ids(startable([wanted('2', 'b', true, { root: '/q' })], [{ root: '/p', spec: 'a', exclusive: true }])), [], 'the machine is one, whatever the project');
  });

  it('starts what measures no times beside anything', () => {
    assert.deepEqual(ids(startable([wanted('1', 'a'), wanted('2', 'b', false), wanted('3', 'c', false)], [])), ['1', '2', '3']);
    assert.deepEqual(ids(startable([wanted('2', 'b')], [{ root: '/p', spec: 'a', exclusive: false }])), ['2']);
  });

  it('runs one of a spec at a time: a task of the same name cannot run twice', () => {
    assert.deepEqual(ids(startable([wanted('1', 'a', false), wanted('2', 'a', false), wanted('3', 'a', false, { root: '/q' })], [])), ['1', '3']);
  });

  it('keeps the order: what waits is not overtaken by the same kind', () => {
    assert.deepEqual(ids(startable([wanted('1', 'a', false), wanted('2', 'a'), wanted('3', 'b')], [])), ['1'], '3 measures times as 2 does, which came first');
  });

  it('leaves out what is held, which keeps nobody waiting', () => {
    assert.deepEqual(ids(startable([wanted('1', 'a', true, { held: true }), wanted('2', 'b')], [])), ['2']);
  });

  it('goes on after a reload only while something of then still runs', () => {
    const stored: unknown = JSON.parse(JSON.stringify([wanted('1', 'a'), wanted('2', 'b', true, { held: true })]));
    assert.deepEqual(restored(stored, true).map((w) => w.held), [false, true]);
    assert.deepEqual(restored(stored, false).map((w) => w.held), [true, true]);
  });

  it('takes nothing from a store that holds something else', () => {
    assert.deepEqual(restored(undefined, true), []);
    assert.deepEqual(restored([{ id: 1 }, null, 'x', { ...wanted('1', 'a'), arguments: [3] }], true), []);
  });
});
