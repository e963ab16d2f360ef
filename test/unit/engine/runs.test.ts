// Whole runs: false promotions, true gains late in long runs, slow evaluations, broken ones, budgets, lanes, and what people do meanwhile.
import assert from 'node:assert/strict';
import { seededRng } from '../../../src/core/rng.ts';
import { effectOfSolution } from '../../../src/core/run-state.ts';
import { COUNT, EXACT, World, asks, normal, nulls, outcomes, play, specOf, type Noise, type Physics, type Setup } from './world.ts';

const SHAPES: Readonly<Record<string, (seed: string) => Noise>> = {
  normal: (seed) => normal(0.03, seed),
  'heavy-tailed': (seed) => {
    const r = seededRng(seed);
    return () => Math.abs((0.02 * r.normal()) / Math.sqrt((r.normal() ** 2 + r.normal() ** 2) / 2));
  },
  drifting: (seed) => {
    const r = seededRng(seed);
    let level = 0;
    let at = Infinity;
    return (t) => {
      level += 0.0005 * Math.sqrt(Math.max(0, t - at)) * r.normal();
      at = t;
      return level + 0.01 * r.normal();
    };
  },
  bimodal: (seed) => {
    const r = seededRng(seed);
    return () => (r.chance(0.5) ? 0.12 : 0) + 0.01 * r.normal();
  },
};

/** The most wrong runs of `runs` that a rate explains, but for one such test in ten thousand. */
function mostBy(rate: number, runs: number): number {
  let term = (1 - rate) ** runs;
  let below = term;
  let k = 0;
  for (; below < 0.9999; k++) {
    term *= ((runs - k) / (k + 1)) * (rate / (1 - rate));
    below += term;
  }
  return k;
}

describe('engine: runs of 50 useless candidates', () => {
  it('promote one in at most α of the runs, whatever the noise', async () => {
    let wrong = 0;
    let lenient = 0;
    const RUNS = 4;
    for (const [name, noise] of Object.entries(SHAPES)) {
      for (let i = 0; i < RUNS; i++) {
        const one = async (alpha: number): Promise<boolean> => {
          const done = await play({ spec: specOf({ evaluations: 50, alpha }), world: new World({ noise: noise(`${name} ${i} ${alpha}`) }), propose: nulls, noise: {}, seed: i, optimizer: 'annealing' });
          assert.equal(done.summary.evaluations, 50);
          const { spent, left } = done.state.errors;
          assert.ok(spent + left <= alpha + 1e-12);
          const levels = new Map(done.events.flatMap((e) => (e.type === 'test-entered' ? [[e.id, e.level]] : [])));
          for (const e of done.events) if (e.type === 'verdict') assert.equal(e.alpha, levels.get(e.id) ?? null, 'the level that is spent is the level that is used');
          if (!done.events.some((e) => e.type === 'promoted')) assert.ok([...levels.values()].reduce((a, b) => a + b, 0) <= alpha / 2 + 1e-12);
          return done.events.some((e) => e.type === 'promoted');
        };
        if (await one(0.05)) wrong++;
        if (await one(0.4)) lenient++;
      }
    }
    assert.ok(wrong <= mostBy(0.05, 4 * RUNS), `${wrong} of ${4 * RUNS}`);
    assert.ok(lenient <= mostBy(0.2, 4 * RUNS), `${lenient} of ${4 * RUNS} at α = .4, of which a plan may spend half`);
  });
});

describe('engine: a true gain of 3×', () => {
  const late = (n: number): Setup['propose'] => (parent, ask) => ({ ...parent, cost: Number(parent['cost']) / (ask === n ? 3 : 1), tag: ask });

  it('is promoted in a run of 5000, and after an extension by 5000', async () => {
    for (const [name, noise] of Object.entries(SHAPES)) {
      const interrupt = new AbortController();
      const setup: Setup = { spec: specOf({ evaluations: 5000 }), world: new World({ noise: noise(name) }), propose: (p, n, r, q) => (n === 40 || n === 90 ? { ...p, cost: Number(p['cost']) / 3, tag: n } : nulls(p, n, r, q)), noise: {} };
      const done = await play({ ...setup, interrupt: interrupt.signal, onEvent: (e) => {
        if (e.type === 'asked' && e.ask === 60) interrupt.abort();
      } });
      assert.equal(done.events.filter((e) => e.type === 'promoted').length, 1, name);
      const stop = new AbortController();
      const more = await play({ ...setup, resume: done.journal.lines, extendTo: 10_000, interrupt: stop.signal, onEvent: (e) => {
        if (e.type === 'asked' && e.ask === 100) stop.abort();
      } });
      assert.equal(more.state.planned, 10_000);
      assert.equal(more.events.filter((e) => e.type === 'promoted').length, 2, name);
    }
  });

  it('is promoted when 300 useless ones have eaten of the budget, at the plan\'s end, and in extension after extension', async () => {
    let lines: readonly string[] | undefined;
    const world = new World({ noise: normal(0.02) });
    for (let n = 1; n <= 6; n++) {
      const done = await play({ spec: specOf({ evaluations: 50 }), world, propose: late(50 * n - 1), ...(lines ? { resume: lines, extendTo: 50 * n } : { noise: {} }) });
      lines = done.journal.lines;
      assert.equal(outcomes(done)[50 * n - 1], 'kept', `extension ${n}`);
      assert.equal(done.summary.evaluations, 50 * n);
    }
  });
});

describe('engine: slow evaluations', () => {
  const slow: Partial<Physics> = { wallMs: () => 61_000 };
  const costs = [100, 80, 60, 55, 58, 90, 101];
  const setup = (physics: Partial<Physics>): Setup => ({ spec: specOf({ evaluations: costs.length }), world: new World({ noise: normal(0.005), ...slow, ...physics }), propose: (p, n) => ({ ...p, cost: costs[n]!, tag: n }), optimizer: 'best-of-n' });

  it('measure each candidate once and verify the best at the end, where they become claims', async () => {
    const done = await play(setup({}));
    assert.equal(done.state.noise?.slow, true);
    assert.deepEqual(outcomes(done), costs.map(() => 'unverified'));
    const best = done.state.solutions.get(done.summary.best)!;
    assert.equal(best.outcome, 'kept');
    assert.ok(done.summary.gain && done.summary.gain.low > 1.7 && done.summary.gain.high < 1.9, JSON.stringify(done.summary.gain));
    assert.deepEqual(done.summary.counts, { unverified: costs.length - 1, kept: 1 });
    const finals = done.events.filter((e) => e.type === 'round' && e.phase === 'final').length;
    assert.equal(done.world.samples, 2 + costs.length + 2 * finals);
    assert.ok(finals <= 8);
  });

  it('take the next best when the best does not hold, and at most three', async () => {
    // A lucky first measurement: the true costs are shown from the second on.
    const first = new Map<string, number>();
    const lucky: Partial<Physics> = { value: (p, noise) => {
      const n = (first.get(p['tag'] ?? '') ?? 0) + 1;
      first.set(p['tag'] ?? '', n);
      return (n === 1 && p['lucky'] !== undefined ? Number(p['lucky']) : Number(p['cost'])) * Math.exp(noise);
    } };
    for (const [luckies, wins] of [[1, true], [2, true], [3, false]] as const) {
      first.clear();
      const done = await play({ ...setup(lucky), propose: (p, n) => (n < luckies ? { ...p, lucky: 20, tag: n } : { ...p, cost: n === 4 ? 70 : 100, tag: n }) });
      const confirmed = done.events.flatMap((e) => (e.type === 'confirmed' ? [e.ok] : []));
      assert.deepEqual(confirmed, [...Array<boolean>(luckies).fill(false), ...(wins ? [true] : [])]);
      assert.equal(done.summary.best !== 'baseline', wins);
      assert.deepEqual(done.summary.counts, { unverified: costs.length - luckies - (wins ? 1 : 0), inconclusive: luckies, ...(wins ? { kept: 1 } : {}) });
      assert.ok(done.state.errors.spent + done.state.errors.left <= 0.05 + 1e-12);
    }
  });

  it('hold a large α, fail alone, and ask for objections', async () => {
    const done = await play({ ...setup({}), spec: specOf({ evaluations: 3, alpha: 0.45 }), propose: (p, n) => [{ ...p, cost: 30, objection: 'it changed a file' }, { ...p, cost: 40, fail: 'later', after: 3 }, { ...p, cost: 50, tag: n }][n]! });
    const reasons = done.events.flatMap((e) => (e.type === 'confirmed' ? [e.reason] : []));
    assert.equal(reasons.length, 3);
    assert.match(reasons[0]!, /it changed a file/);
    assert.match(reasons[1]!, /failed/);
    assert.ok(done.summary.gain && done.summary.gain.gain > 1.9);
  });

  it('must beat the incumbent after an extension, not only the baseline', async () => {
    const world = new World({ noise: normal(0.005), ...slow });
    const propose: Setup['propose'] = (p, n) => ({ ...p, cost: [50, 100, 70, 20][n] ?? 100, tag: n });
    const first = await play({ ...setup({}), world, spec: specOf({ evaluations: 2 }), propose });
    const incumbent = first.summary.best;
    const second = await play({ ...setup({}), world, spec: specOf({ evaluations: 2 }), propose, resume: first.journal.lines, extendTo: 3 });
    assert.equal(second.summary.best, incumbent);
    assert.ok(!second.events.slice(first.events.length).some((e) => e.type === 'round' && e.phase === 'final'), 'a worse estimate is not worth a verification');
    const third = await play({ ...setup({}), world, spec: specOf({ evaluations: 2 }), propose, resume: second.journal.lines, extendTo: 4 });
    assert.notEqual(third.summary.best, incumbent);
    assert.equal(third.state.solutions.get(third.summary.best)?.over, incumbent);
    assert.ok(third.summary.gain && third.summary.gain.gain > 4.5, 'the gain is against the baseline');
  });
});

describe('engine: an evaluation that fails', () => {
  const failing = (fail: string): Setup['propose'] => (p, n) => ({ ...p, tag: n, fail });

  for (const [fail, suspect] of [['crash', true], ['timeout', true], ['infra', true], ['tool', true], ['gate', false]] as const) {
    it(`five ${fail} in a row ${suspect ? 'have' : 'do not have'} the incumbent evaluated again, and the run goes on when that works`, async () => {
      const world = new World({ noise: normal(0.01) });
      const done = await play({ spec: specOf({ evaluations: 12 }), world, propose: failing(fail), noise: {} });
      assert.equal(done.summary.reason, 'budget');
      const samples = world.sampled.get('baseline') ?? 0;
      // Where a candidate fails before any measurement, only the two looks at the incumbent (after five, after ten) measure.
      if (fail === 'tool' || fail === 'gate') assert.equal(samples, suspect ? 2 : 0);
      else assert.ok(samples >= 2);
      assert.equal(world.standing.size, 0);
    });
  }

  it('stops the run only when the incumbent fails too, with the reason, and keeps what is verified resumable', async () => {
    const world = new World({ noise: normal(0.01), breaksAt: 60 });
    const setup: Setup = { spec: specOf({ evaluations: 30 }), world, propose: (p, n) => ({ ...p, cost: n === 0 ? 50 : 100, tag: n }), noise: {} };
    const done = await play(setup);
    assert.equal(done.summary.reason, 'eval-broken');
    assert.equal(outcomes(done)[0], 'kept');
    assert.equal(done.summary.best, [...done.state.solutions.keys()][1], 'what was verified is not lost to an eval that broke later');
    assert.equal(done.summary.gain, null, 'but no gain is claimed');
    assert.ok(done.events.some((e) => e.type === 'infra-error'));
    const mended = await play({ ...setup, world: new World({ noise: normal(0.01) }), resume: done.journal.lines });
    assert.equal(mended.summary.reason, 'budget');
    assert.ok(mended.summary.gain && mended.summary.gain.low > 1.9);
  });

  it('refuses to begin on a baseline that fails, with the stage and the remedy', async () => {
    for (const fail of ['gate', 'build', 'crash', 'timeout', 'nan']) {
      const world = new World();
      await assert.rejects(play({ spec: specOf(), world, propose: nulls, base: { cost: 100, fail } }), (e: Error & { remedy?: string }) => /^the unchanged code fails at (test|build|measure): /.test(e.message) && /sigil validate/.test(e.remedy ?? ''));
    }
  });
});

describe('engine: budgets', () => {
  const world = (): World => new World({ noise: normal(0.01) });

  it('of evaluations end a run exactly, with any number of lanes', async () => {
    for (const lanes of [1, 2, 5]) {
      const done = await play({ spec: specOf({ metrics: [COUNT], evaluations: 7 }), world: new World({ metrics: ['count'], ticks: () => 3 }), propose: nulls, noise: EXACT, lanes });
      assert.equal(done.summary.evaluations, 7);
      assert.equal(done.summary.reason, 'budget');
      assert.equal(done.state.open.size, 0);
    }
  });

  it('of time end a run soon', async () => {
    const done = await play({ spec: specOf({ evaluations: 1000, timeMs: 60_000 }), world: world(), propose: nulls, noise: {} });
    assert.equal(done.summary.reason, 'time');
    assert.ok(done.summary.seconds >= 60 && done.summary.seconds < 75, `${done.summary.seconds}`);
  });

  it('of money end a run', async () => {
    const done = await play({ spec: specOf({ evaluations: 1000, usd: 1 }), world: world(), propose: nulls, noise: {}, usd: 0.3 });
    assert.equal(done.summary.reason, 'money');
    assert.ok(Math.abs(done.summary.usd - 1.2) < 1e-9);
  });

  it('cap duplicates and invalid proposals at ten times the plan', async () => {
    for (const propose of [(p: object) => ({ ...p }), () => 'none' as const, (p: object) => ({ ...p, tag: 1 })]) {
      const done = await play({ spec: specOf({ evaluations: 4 }), world: world(), propose, noise: {} });
      assert.equal(done.summary.reason, 'exhausted');
      assert.equal((done.summary.counts.duplicate ?? 0) + (done.summary.counts.invalid ?? 0), 40);
      assert.ok(done.summary.evaluations <= 1);
    }
  });

  it('a proposer that has nothing left for any parent exhausts the search', async () => {
    for (const optimizer of ['greedy', 'annealing', 'best-of-n']) {
      const done = await play({ spec: specOf({ evaluations: 50 }), world: world(), propose: (p, n) => (n < 3 ? { ...p, tag: n } : null), noise: {}, optimizer });
      assert.equal(done.summary.reason, 'exhausted');
      assert.equal(done.summary.evaluations, 3);
    }
  });
});

describe('engine: lanes', () => {
  it('claim only against the incumbent of the moment of the claim', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const rng = seededRng(`lanes ${seed}`);
      const world = new World({ metrics: ['count'], ticks: () => rng.int(6) });
      const done = await play({ spec: specOf({ metrics: [COUNT], evaluations: 16 }), world, propose: (p, n, r) => ({ ...p, cost: Number(p['cost']) - r.int(4) + 1, tag: n }), noise: EXACT, lanes: 4, seed, optimizer: 'best-of-n' });
      let incumbent = 'baseline';
      const cost = new Map([['baseline', 100]]);
      for (const e of done.events) {
        if (e.type === 'verdict') cost.set(e.id, e.metrics['count']!);
        if (e.type !== 'promoted') continue;
        assert.equal(e.over, incumbent, `seed ${seed}`);
        assert.equal(cost.get(incumbent)! - cost.get(e.id)!, e.gain.gain);
        assert.ok(e.gain.gain > 0);
        incumbent = e.id;
      }
      assert.equal(done.state.incumbent, incumbent);
      assert.equal(cost.get(incumbent), Math.min(...cost.values()), 'none that is better was lost');
      for (const s of done.state.solutions.values()) {
        if (s.estimate) assert.ok(Math.abs(effectOfSolution(s) - (100 - cost.get(s.id)!)) < 1e-9, 'estimates are against the baseline');
      }
      assert.equal(world.standing.size, 0);
    }
  });
});

describe('engine: the final verification', () => {
  it('that fails falls back to the one promoted over, and at last to the baseline', async () => {
    // Two true-looking steps of which the later (or both) vanish when the end comes.
    for (const [vanish, left] of [[['b'], 'a'], [['a', 'b'], null]] as const) {
      let ending = false;
      const value: Physics['value'] = (p, noise) => (ending && vanish.some((v) => v === p['step']) ? 100 : Number(p['cost'])) * Math.exp(noise);
      const done = await play({
        spec: specOf({ evaluations: 4 }), world: new World({ noise: normal(0.005), value }), noise: {},
        propose: (p, n) => (n === 0 ? { ...p, cost: 70, step: 'a' } : n === 1 ? { ...p, cost: 40, step: 'b' } : { ...p, tag: n }),
        onEvent: (e) => {
          if (e.type === 'verdict' && e.ask === 3) ending = true;
        },
      });
      const ids = [...done.state.solutions.keys()];
      assert.deepEqual(outcomes(done).slice(0, 2), ['kept', 'kept']);
      assert.equal(done.summary.best, left === null ? 'baseline' : ids[1]);
      assert.equal(done.state.solutions.get(ids[2]!)?.outcome, 'inconclusive');
      assert.equal(done.summary.gain === null, left === null);
      assert.equal(done.summary.counts.kept, left === null ? 0 : 1);
    }
  });

  it('a best that crashes in it loses its claim; an evaluation that breaks in it does not cost the claim', async () => {
    const propose: Setup['propose'] = (p, n) => (n === 0 ? { ...p, cost: 70 } : { ...p, cost: 50, fail: 'later', after: 25 });
    const done = await play({ spec: specOf({ evaluations: 2 }), world: new World({ noise: normal(0.005) }), noise: {}, propose });
    assert.deepEqual(outcomes(done), ['kept', 'kept']);
    const [, first, second] = [...done.state.solutions.keys()];
    assert.equal(done.summary.best, first);
    assert.match(done.state.solutions.get(second!)!.reason, /failed at measure/);
    for (let breaksAt = 50; breaksAt < 58; breaksAt++) {
      const setup: Setup = { spec: specOf({ evaluations: 1 }), world: new World({ noise: normal(0.005), breaksAt }), noise: {}, propose: (p) => ({ ...p, cost: 50 }) };
      const broken = await play(setup);
      assert.notEqual(broken.summary.best, 'baseline');
      assert.equal(broken.summary.gain, null);
      const again = await play({ ...setup, world: new World({ noise: normal(0.005) }), resume: broken.journal.lines });
      assert.ok(again.summary.gain && again.summary.gain.low > 1.9);
    }
  });

  it('a fallback follows the order of promotions, not of proposals', async () => {
    // Lane B is promoted before lane A, though A was asked first.
    const rng = seededRng('order');
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      let ending = false;
      const value: Physics['value'] = (p) => (ending && p['last'] !== undefined ? 200 : Number(p['cost']));
      const world = new World({ metrics: ['count'], ticks: () => (rng.chance(0.5) ? 0 : 40), value });
      let last = '';
      const done = await play({
        spec: specOf({ metrics: [COUNT], evaluations: 4 }), world, noise: EXACT, lanes: 2, seed, optimizer: 'best-of-n',
        propose: (p, n) => (n < 3 ? { ...p, cost: [80, 90, 70][n]!, ...(n === 2 ? { last: 1 } : {}) } : { ...p, tag: 1 }),
        onEvent: (e) => {
          if (e.type === 'promoted') last = e.id;
          if (e.type === 'verdict' && e.ask === 3) ending = true;
        },
      });
      const promoted = done.events.flatMap((e) => (e.type === 'promoted' ? [e] : []));
      const top = promoted[promoted.length - 1]!;
      if (top.id !== last || done.state.solutions.get(top.id)?.outcome !== 'inconclusive') continue;
      assert.equal(done.summary.best, top.over);
      const order = [...done.state.solutions.keys()];
      if (promoted.length === 3 && order.indexOf(promoted[0]!.id) > order.indexOf(promoted[1]!.id)) found++;
    }
    assert.ok(found > 0);
  });
});

describe('engine: what people do meanwhile', () => {
  it('a stop during an evaluation ends the run after it, verified', async () => {
    const done = await play({
      spec: specOf({ evaluations: 20 }), world: new World({ noise: normal(0.01) }), noise: {}, propose: (p, n) => ({ ...p, cost: n === 0 ? 50 : 100, tag: n }),
      onEvent: (e, journal) => {
        if (e.type === 'round' && e.phase === 'screen' && journal.people.length === 0 && journal.events.some((x) => x.type === 'promoted')) journal.act({ type: 'stop-requested' });
      },
    });
    assert.equal(done.summary.reason, 'stopped');
    assert.equal(done.summary.evaluations, 2);
    assert.ok(done.summary.gain && done.summary.gain.low > 1.9);
    // The stop was for that session.
    const again = await play({ spec: specOf({ evaluations: 20 }), world: new World({ noise: normal(0.01) }), propose: nulls, resume: done.journal.lines, people: done.journal.people });
    assert.equal(again.summary.reason, 'budget');
  });

  it('a stop that came after the end does not stop the resumed run', async () => {
    const setup: Setup = { spec: specOf({ evaluations: 2 }), world: new World({ noise: normal(0.01) }), noise: {}, propose: nulls };
    const done = await play(setup);
    done.journal.act({ type: 'stop-requested' });
    setup.world.now += 1000;
    const again = await play({ ...setup, resume: done.journal.lines, people: done.journal.people, extendTo: 4 });
    assert.equal(again.summary.evaluations, 4);
  });

  it('a banned solution is never asked for again, banned before or after its verdict', async () => {
    for (const optimizer of ['greedy', 'annealing']) {
      for (const when of ['proposed', 'promoted'] as const) {
        let banned = '';
        const done = await play({
          spec: specOf({ evaluations: 12 }), world: new World({ noise: normal(0.01) }), noise: {}, optimizer, propose: (p, n) => ({ ...p, cost: n === 0 ? 50 : Number(p['cost']), tag: n }),
          onEvent: (e, journal) => {
            if (e.type !== when || journal.people.length > 0) return;
            banned = e.id;
            journal.act({ type: 'banned', id: e.id });
          },
        });
        const from = done.events.findIndex((e) => e.type === 'acted');
        assert.ok(from > 0);
        for (const e of done.events.slice(from)) if (e.type === 'asked') assert.notEqual(e.request.parent, banned);
        assert.equal(done.state.solutions.get(banned)?.banned, true);
        assert.equal(done.summary.evaluations, 12);
        // The ban is in the journal: a resumed run keeps it.
        const again = await play({ spec: specOf({ evaluations: 12 }), world: new World({ noise: normal(0.01) }), optimizer, propose: nulls, resume: done.journal.lines, people: done.journal.people, extendTo: 16 });
        for (const request of asks(again).slice(from)) assert.ok(!request.includes(banned));
      }
    }
  });
});

describe('engine: a run from a solution of another', () => {
  it('tries it first, verifies it like any other, and resumes', async () => {
    const parent = { genome: { 'program.txt': 'cost 50\n' }, from: 'abc' };
    const setup: Setup = { spec: specOf({ evaluations: 4 }), world: new World({ noise: normal(0.01) }), noise: {}, propose: nulls, parent };
    const done = await play(setup);
    assert.equal(outcomes(done)[0], 'kept');
    assert.equal(done.proposer.calls, 3);
    assert.ok(done.summary.gain && done.summary.gain.low > 1.9);
    for (let n = 2; n < done.journal.lines.length; n += 5) {
      const again = await play({ ...setup, world: new World({ noise: normal(0.01) }), resume: done.journal.lines.slice(0, n) });
      assert.equal(again.summary.evaluations, 4);
      assert.deepEqual(again.events.flatMap((e) => (e.type === 'proposed' && e.operator === 'derived' ? [e.ask] : [])), [0]);
    }
  });
});

describe('engine: durability', () => {
  it('starts no evaluation before the verdict of the one before is on the disk', async () => {
    const world = new World({ noise: normal(0.005) });
    const order: string[] = [];
    const prepare = world.prepare.bind(world);
    world.prepare = (id, genome, options) => {
      if (id !== 'baseline') order.push('evaluation');
      return prepare(id, genome, options);
    };
    await play({
      spec: specOf({ evaluations: 4 }), world, noise: {}, propose: nulls,
      onEvent: (e, journal) => {
        if (e.type !== 'verdict') return;
        order.push('verdict');
        const onDisk = new Promise<void>((r) => setTimeout(r, 5)).then(() => {
          order.push('on disk');
          journal.settling = () => null;
        });
        journal.settling = () => onDisk;
      },
    });
    assert.deepEqual(order.slice(0, -1), ['evaluation', 'verdict', 'on disk', 'evaluation', 'verdict', 'on disk', 'evaluation', 'verdict', 'on disk', 'evaluation', 'verdict'].slice(0, order.length - 1));
    assert.equal(order.filter((o) => o === 'verdict').length, 4);
  });
});
