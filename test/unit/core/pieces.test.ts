// The small parts of the core: the generator, kinds and scales of metrics, the axis, the clock's check, and the fold's own rules.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisOf, brokenConstraint, costOn, meanValues } from '../../../src/core/axis.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { implausible, type ClockPair } from '../../../src/core/integrity.ts';
import { costOf, effectToGain, guessDirection, guessKind, millisecondsPer, scaleOf } from '../../../src/core/metric.ts';
import { restoredRng, seededRng } from '../../../src/core/rng.ts';
import { RunFold } from '../../../src/core/run-state.ts';
import { MEMORY, TIME, baseFiles, specOf } from '../engine/world.ts';

describe('the seeded generator', () => {
  it('gives known numbers: a change would break every resume', () => {
    const r = seededRng(1);
    assert.deepEqual(Array.from({ length: 4 }, () => r.int(1_000_000)), [982_988, 172_786, 679_915, 472_572]);
    // The authors' own first outputs of xoshiro128** from the state 1, 2, 3, 4.
    const reference = restoredRng('00000001000000020000000300000004');
    assert.deepEqual(Array.from({ length: 4 }, () => reference.next() * 2 ** 32), [11_520, 0, 5_927_040, 70_819_200]);
    assert.equal(seededRng('1').state(), seededRng(1).state());
  });

  it('goes on from its state, whatever was drawn', () => {
    fc.assert(fc.property(fc.string(), fc.array(fc.constantFrom('next', 'int', 'normal', 'shuffle', 'fork'), { maxLength: 20 }), (seed, draws) => {
      const a = seededRng(seed);
      for (const d of draws) ({ next: () => a.next(), int: () => a.int(7), normal: () => a.normal(), shuffle: () => a.shuffle([1, 2, 3]), fork: () => a.fork('x') })[d]();
      const b = restoredRng(a.state());
      assert.deepEqual([b.next(), b.int(1000), b.normal()], [a.next(), a.int(1000), a.normal()]);
    }));
    assert.throws(() => restoredRng('nonsense'), /not a generator state/);
  });

  it('forks without advancing, into streams of their own', () => {
    const a = seededRng(1);
    const before = a.state();
    assert.notEqual(a.fork('x').next(), a.fork('y').next());
    assert.equal(a.fork('x').next(), a.fork('x').next());
    assert.equal(a.state(), before);
  });

  it('is even, also over ranges that do not divide 2^32', () => {
    const r = seededRng('even');
    for (const n of [2, 3, 7, 1000]) {
      const counts = new Array<number>(Math.min(n, 10)).fill(0);
      for (let i = 0; i < 20_000; i++) counts[Math.floor((r.int(n) * counts.length) / n)]!++;
      const expected = 20_000 / counts.length;
      const chi2 = counts.reduce((s, c) => s + (c - expected) ** 2 / expected, 0);
      assert.ok(chi2 < 40, `${n}: χ² ${chi2}`);
    }
    const high = Array.from({ length: 20_000 }, () => r.int(3 * 2 ** 30)).filter((x) => x < 2 ** 30).length;
    assert.ok(Math.abs(high - 20_000 / 3) < 300, `${high}`); // without rejection: a half
    const normals = Array.from({ length: 20_000 }, () => r.normal());
    const mean = normals.reduce((a, b) => a + b, 0) / normals.length;
    const variance = normals.reduce((a, b) => a + b * b, 0) / normals.length;
    assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05);
    assert.throws(() => r.int(0), RangeError);
    assert.throws(() => r.pick<number>([]), RangeError);
    assert.deepEqual(r.shuffle([1, 2, 3, 4]).sort(), [1, 2, 3, 4]);
    assert.equal(r.pick<number | undefined>([undefined]), undefined);
  });
});

describe('kinds and scales of metrics', () => {
  it('are guessed from unit and name', () => {
    for (const [name, unit, kind] of [
      ['time_ms', undefined, 'time'], ['totalTime', undefined, 'time'], ['p99', 'ms', 'time'], ['elapsed', undefined, 'time'], ['seconds', undefined, 'time'], ['requests_per_second', undefined, 'rate'], ['fps', undefined, 'rate'], ['ops_per_sec', undefined, 'rate'],
      ['throughput', 'MB/s', 'rate'], ['bundle_kb', undefined, 'size'], ['peak-memory', undefined, 'size'], ['errors', undefined, 'count'], ['loc_lines', undefined, 'count'], ['accuracy', undefined, 'score'], ['speedup', undefined, 'score'], ['f1', undefined, 'score'],
      ['items', undefined, 'score'], ['timeliness', undefined, 'score'], ['downtown', undefined, 'score'],
    ] as const) assert.equal(guessKind(name, unit), kind, `${name} ${unit ?? ''}`);
    assert.deepEqual((['time', 'rate', 'size', 'count', 'score'] as const).map(guessDirection), ['minimize', 'maximize', 'minimize', 'minimize', 'maximize']);
  });

  it('ratios are for positive times, rates and sizes', () => {
    assert.deepEqual((['time', 'rate', 'size', 'count', 'score'] as const).map((k) => scaleOf(k, [1, 2])), ['ratio', 'ratio', 'ratio', 'difference', 'difference']);
    assert.equal(scaleOf('time', [1, 0]), 'difference');
    assert.equal(scaleOf('time', [-1]), 'difference');
  });

  it('maximize f costs what minimize −f and minimize 1/f cost', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
      assert.equal(costOf(x, 'maximize', 'difference'), costOf(-x, 'minimize', 'difference'));
      assert.ok(Math.abs(costOf(x, 'maximize', 'ratio') - costOf(1 / x, 'minimize', 'ratio')) < 1e-12);
      assert.ok(Math.abs(effectToGain(costOf(x, 'minimize', 'ratio') - costOf(x / 3, 'minimize', 'ratio'), 'ratio') - 3) < 1e-9);
    }));
  });

  it('the milliseconds of a unit are known, or not', () => {
    const of = (name: string, unit?: string, kind: 'time' | 'score' = 'time'): number | undefined => millisecondsPer({ name, kind, ...(unit === undefined ? {} : { unit }) });
    assert.deepEqual([of('t', 'ns'), of('t', 'us'), of('t_ms'), of('wall_seconds'), of('t', 's'), of('t', 'min'), of('time'), of('t_ms', undefined, 'score')], [1e-6, 1e-3, 1, 1e3, 1e3, 6e4, undefined, undefined]);
  });
});

describe('the axis', () => {
  it('holds what its scale can hold', () => {
    const axis = axisOf(specOf(), [100]);
    assert.deepEqual([axis.scale, axis.statistic, axis.exclusive, axis.unit], ['ratio', 'low-tail', true, 'ms']);
    assert.ok(Math.abs(axis.minEffect - Math.log(1.01)) < 1e-12);
    assert.ok(Number.isNaN(costOn(axis, 0)) && Number.isNaN(costOn(axis, -1)));
    const several = axisOf(specOf({ metrics: [TIME, MEMORY], objective: 'minimize time_ms + memory' }), [100]);
    assert.deepEqual([several.kind, several.scale, several.minEffect], ['score', 'difference', 0]);
  });

  it('the mean of equal values is that value, to the bit', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }).map((x) => x + 0), fc.integer({ min: 1, max: 60 }), (x, n) => {
      assert.equal(meanValues(Array.from({ length: n }, () => ({ a: x })))['a'], x);
    }));
    assert.deepEqual(meanValues([{ a: 1, b: 2 }, { a: 3, b: 2 }]), { a: 2, b: 2 });
  });

  it('a constraint that holds to the bit is not broken by averaging', () => {
    const spec = specOf({ metrics: [TIME, MEMORY], objective: 'minimize time_ms subject to memory <= 0.9 and memory >= 0.9' });
    for (let n = 1; n < 60; n++) assert.equal(brokenConstraint(spec, meanValues(Array.from({ length: n }, () => ({ memory: 0.9 })))), null);
    assert.match(String(brokenConstraint(spec, {})), /no value/);
  });
});

describe('the engine\'s clock', () => {
  const pairs = (n: number, p: ClockPair): ClockPair[] => Array.from({ length: n }, (_, i) => ({ ...p, candidateWall: p.candidateWall + (i % 3), incumbentWall: p.incumbentWall + ((i + 1) % 3) }));

  it('refutes a saving that the processes do not show, and only that', () => {
    const honest = { incumbentWall: 150, candidateWall: 100, incumbentClaim: 100, candidateClaim: 50 };
    const lie = { incumbentWall: 150, candidateWall: 150, incumbentClaim: 100, candidateClaim: 50 };
    assert.equal(implausible(pairs(10, honest), true), null);
    assert.match(implausible(pairs(10, lie), true)?.reason ?? '', /claims to save 50\.0 ms.*only 1\.0 ms shorter/);
    assert.equal(implausible(pairs(9, lie), true), null, 'few pairs say nothing');
    assert.equal(implausible(pairs(10, { ...lie, candidateClaim: 98.5 }), true), null, 'what is claimed is too little to see');
    assert.equal(implausible(pairs(10, lie), false), null, 'a benchmark\'s own figure may be per operation');
    assert.match(implausible(pairs(10, { ...lie, candidateClaim: 1 }), false)?.reason ?? '', /claims to save/);
    assert.equal(implausible(pairs(10, { ...lie, candidateClaim: 120 }), true), null, 'a loss claims nothing');
  });

  it('gives the benefit of a noisy clock', () => {
    const rng = seededRng('clock');
    const noisy = Array.from({ length: 10 }, () => ({ incumbentWall: 150 + 200 * rng.next(), candidateWall: 150 + 200 * rng.next(), incumbentClaim: 60, candidateClaim: 50 }));
    assert.equal(implausible(noisy, true), null);
  });
});

describe('the fold', () => {
  const started: EventBody = {
    type: 'run-started', run: 'r', workspace: 'v1', spec: specOf({ evaluations: 10 }), base: baseFiles({ cost: 1 }), commit: null, hashes: {}, seed: 1,
    machine: { os: '', cpu: '', cores: 1, memoryGb: 1, node: '' }, level: 'process-group', checkout: 'copy', model: 'm', slots: 1, parent: null,
  };
  const fold = (bodies: readonly EventBody[]): RunFold => {
    const f = new RunFold();
    for (const [seq, b] of bodies.entries()) f.apply({ v: 1, seq, t: 1000 * seq, ...b });
    return f;
  };
  const solution = (ask: number, id: string, outcome: 'kept' | 'unverified' | 'duplicate'): EventBody[] => [
    { type: 'asked', ask, request: { parent: 'baseline', inspirations: [] }, rng: '' },
    { type: 'proposed', ask, id, parents: ['baseline'], patch: 'p', operator: 'o', summary: '', usd: 0.5, spent: false },
    { type: 'test-entered', id, level: 0.01, toCome: 1 },
    { type: 'verdict', ask, id, outcome, reason: '', estimate: null, effect: 1, feasible: true, p: null, alpha: null, pairs: 1, processes: 2, seconds: 1, metrics: {} },
  ];
  const gain = { scale: 'ratio', gain: 2, error: 0.1, low: 1.9, high: 2.1, pairs: 30, processes: 60 } as const;

  it('knows what is open, counted, paid and promoted', () => {
    const { state } = fold([started, ...solution(0, 'a', 'kept'), { type: 'promoted', id: 'a', over: 'baseline', gain }, ...solution(1, 'd', 'duplicate'), ...solution(2, 'b', 'kept').slice(0, 2)]);
    assert.deepEqual([...state.open], [[2, 'b']]);
    assert.deepEqual(state.counts, { kept: 1, duplicate: 1 });
    assert.deepEqual([state.evaluations, state.nextAsk, state.usd, state.incumbent, state.planned], [1, 3, 1.5, 'a', 10]);
    assert.equal(state.solutions.get('a')?.over, 'baseline');
  });

  it('takes a failed confirmation back to what was promoted over, step by step', () => {
    const steps: EventBody[] = [started, ...solution(0, 'a', 'kept'), ...solution(1, 'b', 'kept'), ...solution(2, 'c', 'kept'), { type: 'promoted', id: 'b', over: 'baseline', gain }, { type: 'promoted', id: 'a', over: 'b', gain }, { type: 'promoted', id: 'c', over: 'a', gain }];
    const no = (id: string): EventBody => ({ type: 'confirmed', id, against: 'baseline', ok: false, reason: 'not so', gain: null, heldOut: null });
    assert.deepEqual([[], [no('c')], [no('c'), no('a')], [no('c'), no('a'), no('b')]].map((more) => fold([...steps, ...more]).state.incumbent), ['c', 'a', 'b', 'baseline']);
    const { state } = fold([...steps, no('c')]);
    assert.deepEqual(state.counts, { kept: 2, inconclusive: 1 });
    assert.deepEqual([state.solutions.get('c')?.outcome, state.solutions.get('c')?.reason, state.solutions.get('c')?.promotion], ['inconclusive', 'not so', null]);
  });

  it('makes a verified slow solution a kept one, and an unborne one inconclusive', () => {
    const { state } = fold([started, ...solution(0, 'a', 'unverified'), ...solution(1, 'b', 'unverified'), { type: 'confirmed', id: 'a', against: 'baseline', ok: false, reason: '', gain, heldOut: null }, { type: 'promoted', id: 'b', over: 'baseline', gain }]);
    assert.deepEqual(state.counts, { unverified: 0, inconclusive: 1, kept: 1 });
    assert.equal(state.solutions.get('b')?.outcome, 'kept');
  });

  it('gives a level back once, at the promotion', () => {
    const before = fold([started, ...solution(0, 'a', 'kept')]).state.errors;
    assert.ok(before.spent > 0);
    const after = fold([started, ...solution(0, 'a', 'kept'), { type: 'promoted', id: 'a', over: 'baseline', gain }, { type: 'promoted', id: 'a', over: 'baseline', gain }]).state.errors;
    assert.ok(after.spent < before.spent && after.spent + after.left <= 0.05 + 1e-15);
  });

  it('hears a stop of this session only', () => {
    const f = fold([started, ...solution(0, 'a', 'kept'), { type: 'resumed', evaluations: 20, extended: true }, ...solution(1, 'b', 'kept')]);
    const resumedAt = 5000;
    f.act({ v: 1, seq: 0, t: resumedAt - 1, type: 'stop-requested' });
    assert.equal(f.state.stopRequested, false);
    f.act({ v: 1, seq: 1, t: resumedAt + 1, type: 'stop-requested' });
    assert.equal(f.state.stopRequested, true, 'though other events came behind it');
    assert.equal(f.state.planned, 20);
  });

  it('passes over events and actions that it does not know', () => {
    const f = fold([started]);
    f.apply({ v: 1, seq: 9, t: 1, type: 'of-the-future' } as never);
    f.act({ v: 1, seq: 9, t: 1, type: 'of-the-future' } as never);
    assert.equal(f.state.incumbent, 'baseline');
  });
});
