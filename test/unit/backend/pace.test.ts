// How long a candidate may take: bounded by what sound code took, never beyond the spec's own limit.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Pace } from '../../../src/adapters/backend/pace.ts';

describe('the pace of an evaluation', () => {
  it('is the spec\'s limit until a step has gone well, then twenty times its first time, but not less than the floor', () => {
    const pace = new Pace(true);
    assert.equal(pace.limit('time', 600_000), 600_000);
    pace.note('time', 2_000);
    pace.note('time', 9_000); // later ones may be slow candidates: they do not count
    assert.equal(pace.limit('time', 600_000), 40_000);
    assert.equal(pace.limit('gate', 120_000), 120_000, 'each step has its own');
    pace.note('gate', 3);
    assert.equal(pace.limit('gate', 120_000), 10_000);
    const patient = new Pace(false);
    patient.note('measure', 3);
    assert.equal(patient.limit('measure', 600_000), 60_000, 'where time is not what is judged, more patience is due');
  });

  it('never exceeds the spec\'s limit', () => {
    fc.assert(fc.property(fc.nat(1e7), fc.nat(1e6), fc.boolean(), (cap, took, timed) => {
      const pace = new Pace(timed);
      pace.note('x', took);
      return pace.limit('x', cap) <= cap;
    }));
  });
});
