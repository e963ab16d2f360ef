import assert from 'node:assert/strict';
import { implausible, type ClockPair } from '../../src/core/integrity.ts';
import { seededRng } from '../../src/core/rng.ts';

/** Pairs of processes of 50 ms plus their work; noise as on a busy machine: sometimes a multiple. */
function pairs(n: number, work: { incumbent: number; candidate: number }, claim: { incumbent: number; candidate: number }, seed: number, noise: number): ClockPair[] {
  const rng = seededRng(seed);
  const spike = (): number => noise * Math.abs(rng.normal()) * (rng.chance(0.1) ? 10 : 1);
  return Array.from({ length: n }, () => {
    const [a, b] = [spike(), spike()]; // falls on the claimed work as on the rest
    return {
      incumbentWall: 50 + work.incumbent + a + spike(), candidateWall: 50 + work.candidate + b + spike(),
      incumbentClaim: claim.incumbent + a / 2, candidateClaim: claim.candidate + b / 2,
    };
  });
}

describe('the engine\'s own clock', () => {
  it('bears true savings out and not claimed ones', () => {
    assert.equal(implausible(pairs(20, { incumbent: 100, candidate: 20 }, { incumbent: 100, candidate: 20 }, 1, 2), true), null);
    assert.equal(implausible(pairs(20, { incumbent: 100, candidate: 55 }, { incumbent: 100, candidate: 20 }, 2, 2), true), null, 'more than half of it is borne out');
    assert.match(implausible(pairs(20, { incumbent: 100, candidate: 100 }, { incumbent: 100, candidate: 20 }, 3, 2), true)?.reason ?? '', /claims to save \d+\.\d ms a run/);
    assert.match(implausible(pairs(20, { incumbent: 100, candidate: 80 }, { incumbent: 100, candidate: 20 }, 4, 2), true)?.reason ?? '', /only \d+\.\d ms shorter/);
  });
  it('says nothing of few pairs, small claims, or slower candidates', () => {
    assert.equal(implausible(pairs(9, { incumbent: 100, candidate: 100 }, { incumbent: 100, candidate: 1 }, 5, 1), true), null);
    assert.equal(implausible(pairs(20, { incumbent: 100, candidate: 100 }, { incumbent: 100, candidate: 99 }, 6, 1), true), null);
    assert.equal(implausible(pairs(20, { incumbent: 100, candidate: 150 }, { incumbent: 100, candidate: 150 }, 7, 1), true), null);
  });
  it('holds a benchmark\'s own figure against the clock only when it is most of the process', () => {
    const perOperation = pairs(20, { incumbent: 200, candidate: 200 }, { incumbent: 20, candidate: 5 }, 8, 1);
    assert.equal(implausible(perOperation, false), null, 'a benchmark of fixed duration');
    assert.notEqual(implausible(pairs(20, { incumbent: 200, candidate: 200 }, { incumbent: 240, candidate: 5 }, 9, 1), false), null);
  });
  it('does not call true gains lies on a busy machine', () => {
    let lies = 0;
    for (let seed = 0; seed < 1000; seed++) if (implausible(pairs(16, { incumbent: 60, candidate: 15 }, { incumbent: 60, candidate: 15 }, 100 + seed, 40), true) !== null) lies++;
    assert.ok(lies <= 1, `${lies} of 1000 true gains called lies`);
  });
  it('lets few lies of a benchmark pass where the noise is as large as its work, and no claim stand that it cannot see', () => {
    const kinds = { lie: 0, unseen: 0, plausible: 0 };
    for (let seed = 0; seed < 1000; seed++) kinds[implausible(pairs(16, { incumbent: 400, candidate: 400 }, { incumbent: 400, candidate: 20 }, 5000 + seed, 300), false)?.kind ?? 'plausible']++;
    assert.ok(kinds.plausible <= 60 && kinds.unseen >= 1, JSON.stringify(kinds));
  });
});
