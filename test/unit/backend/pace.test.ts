// How long a candidate may take: bounded by what sound code took, never beyond the spec's own limit.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Pace, plainLimits } from '../../../src/adapters/backend/pace.ts';

describe('the pace of an evaluation', () => {
  it('is the spec\'s limit until a step has gone well, then twenty times its first time, but not less than the floor', () => {
    const pace = new Pace(true);
    assert.deepEqual(pace.limits('time', 600_000, 1), plainLimits(600_000));
    assert.deepEqual(plainLimits(600_000), { wallMs: 600_000, cpuSeconds: 4800, usualMs: null });
    pace.note('time', 2_000);
    pace.note('time', 9_000); // later ones may be slow candidates: they do not count
    assert.deepEqual(pace.limits('time', 600_000, 1), { wallMs: 40_000, cpuSeconds: 40, usualMs: 2_000 });
    assert.equal(pace.limits('time', 600_000, 4).cpuSeconds, 160, 'four CPUs may be kept busy all the while');
    assert.equal(pace.limits('gate', 120_000, 1).wallMs, 120_000, 'each step has its own');
    pace.note('gate', 3);
    assert.deepEqual(pace.limits('gate', 120_000, 1), { wallMs: 10_000, cpuSeconds: 3, usualMs: 3 }, 'waiting is not held against it, using the CPU is');
    const patient = new Pace(false);
    patient.note('measure', 3);
    assert.deepEqual(patient.limits('measure', 600_000, 1), { wallMs: 60_000, cpuSeconds: 60, usualMs: 3 }, 'where time is not what is judged, more patience is due');
  });

  it('never exceeds the spec\'s limit', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e7 }), fc.nat(1e6), fc.integer({ min: 1, max: 64 }), fc.boolean(), (cap, took, threads, timed) => {
      const pace = new Pace(timed);
      pace.note('x', took);
      const { wallMs, cpuSeconds } = pace.limits('x', cap, threads);
      return wallMs <= cap && cpuSeconds <= plainLimits(cap).cpuSeconds;
    }));
  });
});
