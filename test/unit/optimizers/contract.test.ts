// The contract of every optimizer in the registry, by one table: a new one is tested by being registered.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors.ts';
import type { Ask, Optimizer, Told } from '../../../src/core/optimizers/optimizer.ts';
import { OPTIMIZERS, optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import { seededRng, type Rng } from '../../../src/core/rng.ts';
import { BASELINE, type Outcome, type SolutionId } from '../../../src/core/solution.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';
import { TIME, COUNT, KNOBS, World, asks, normal, outcomes, play, specOf, type Done, type Program, type Propose } from '../engine/world.ts';

interface Session {
  state: unknown;
  readonly rng: Rng;
}

const begin = (o: Optimizer, seed = 'contract', evaluations = 50): Session => ({ state: o.init(o.defaults, { evaluations, knobs: KNOBS }), rng: seededRng(seed) });

function ask(o: Optimizer, s: Session): Ask | null {
  const out = o.ask(s.state, s.rng);
  s.state = out.state;
  return out.ask;
}

const tell = (o: Optimizer, s: Session, t: Told): void => void (s.state = o.tell(s.state, t, s.rng));

function told(id: SolutionId, parent: SolutionId, change: Partial<Told> = {}): Told {
  return { id, parent, ask: { parent, inspirations: [] }, outcome: 'discarded', effect: 0, error: 0.01, feasible: true, operator: 'edit', traits: NO_TRAITS, spent: false, ...change };
}

const outcome = fc.constantFrom<Outcome>('kept', 'discarded', 'inconclusive', 'unverified', 'duplicate', 'invalid', 'blocked', 'crashed', 'timed-out', 'suspicious', 'infra-error');
/** What may happen in a search: several asks, one told of those in flight, a ban of any solution that has been asked for or made. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), which: fc.nat(), outcome, effect: fc.integer({ min: -200, max: 200 }).map((n) => n / 64), error: fc.constantFrom(0, 1 / 64, 1 / 4), feasible: fc.boolean(), spent: fc.boolean(), size: fc.integer({ min: -300, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ban' as const), which: fc.nat() }) },
);

const NOT_MEASURED: ReadonlySet<Outcome> = new Set(['duplicate', 'invalid', 'blocked', 'crashed', 'timed-out', 'infra-error', 'suspicious']);

/** Plays steps; returns the transcript. `between` is called before each step and may replace the session. */
function playSteps(o: Optimizer, steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[], between: (s: Session) => void = () => undefined, onAsk: (a: Ask, barred: ReadonlySet<string>, parents: ReadonlySet<string>, failed: ReadonlySet<string>) => void = () => undefined): string[] {
  const s = begin(o);
  const inFlight: { id: SolutionId; ask: Ask }[] = [];
  const failed = new Set<SolutionId>();
  const barred = new Set<SolutionId>();
  const parents = new Set<SolutionId>([BASELINE]); // solutions that may be a parent
  const made: SolutionId[] = [BASELINE];
  const out: string[] = [];
  let n = 0;
  for (const x of steps) {
    between(s);
    if (x.do === 'ask') {
      const a = ask(o, s);
      out.push(JSON.stringify(a));
      if (a === null) continue;
      onAsk(a, barred, parents, failed);
      const id = `s${n++}`;
      inFlight.push({ id, ask: a });
      made.push(id);
    } else if (x.do === 'tell' && inFlight.length > 0) {
      const [one] = inFlight.splice(x.which % inFlight.length, 1);
      const { id, ask } = one!;
      const spent = x.spent && x.outcome === 'invalid' && ask.broken === undefined;
      if (spent) barred.add(ask.parent);
      if (x.outcome === 'blocked' || x.outcome === 'crashed' || x.outcome === 'timed-out') failed.add(id);
      if (!NOT_MEASURED.has(x.outcome) && x.feasible) parents.add(id);
      tell(o, s, told(id, ask.parent, { ask, traits: { size: x.size, footprint: Math.abs(x.size), branches: x.size % 5 || 0 }, outcome: x.outcome, error: x.error, effect: NOT_MEASURED.has(x.outcome) && x.outcome !== 'suspicious' ? null : x.effect, feasible: x.feasible, spent }));
    } else if (x.do === 'ban') {
      const id = made[x.which % made.length]!;
      barred.add(id);
      s.state = o.ban(s.state, id);
    }
  }
  return out;
}

const runs = { numRuns: 150 };
/** Options that have an upper bound. */
const BOUNDED: ReadonlySet<string> = new Set(['reheatBelow', 'debug', 'islands', 'explore', 'exploit', 'rewrite', 'crossover', 'inspirations', 'migrants', 'draftsPerStep', 'rate', 'forget']);

/** Each search as it is, and those that have the option with several drafts for a step. */
const VARIANTS = OPTIMIZERS.flatMap((o) => [{ o, drafts: 1 }, ...('draftsPerStep' in o.defaults ? [{ o: { ...o, defaults: { ...o.defaults, draftsPerStep: 3 } }, drafts: 3 }] : [])]);

for (const { o, drafts } of VARIANTS) {
  describe(`optimizer ${o.name}${drafts === 1 ? '' : `, ${drafts} drafts a step`}`, () => {
    it('has a summary, and defaults that it accepts', () => {
      assert.match(o.name, /^[a-z-]+$/);
      assert.ok(o.summary.length > 10);
      assert.deepEqual(optimizerNamed(o.name, drafts === 1 ? {} : { draftsPerStep: drafts }).options, o.defaults);
      assert.ok(ask(o, begin(o)));
      assert.equal(ask(o, begin(o))?.parent, BASELINE);
    });

    it('is deterministic for a seed', () => {
      fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => assert.deepEqual(playSteps(o, steps), playSteps(o, steps))), runs);
    });

    it('asks only for measured, feasible solutions that are neither banned nor spent, whatever is told in whatever order', () => {
      fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        playSteps(o, steps, undefined, (a, barred, parents, failed) => {
          if (a.broken !== undefined) assert.ok(failed.has(a.broken) && !barred.has(a.broken), `${a.broken} is not to be mended`);
          assert.equal(a.inspirations.includes(a.parent), false);
          for (const id of [a.parent, ...a.inspirations]) {
            assert.ok(!barred.has(id), `${id} is barred`);
            assert.ok(parents.has(id), `${id} is nobody's parent`);
          }
        });
      }), { numRuns: 400 });
    });

    it('never asks for a solution that was banned while it was evaluated', () => {
      const s = begin(o);
      assert.ok(ask(o, s));
      s.state = o.ban(s.state, 's0');
      tell(o, s, told('s0', BASELINE, { outcome: 'kept', effect: 1 }));
      assert.equal(ask(o, s)?.parent, BASELINE);
      s.state = o.ban(s.state, BASELINE);
      assert.equal(ask(o, s), null);
    });

    it('has plain JSON for a state: a copy goes on the same', () => {
      fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, at) => {
        let n = 0;
        const copied = playSteps(o, steps, (s) => {
          if (n++ < at) return;
          const json = JSON.stringify(s.state);
          assert.deepEqual(JSON.parse(json), s.state);
          s.state = structuredClone(JSON.parse(json));
        });
        assert.deepEqual(copied, playSteps(o, steps));
      }), runs);
    });

    it('never changes a state that it was given', () => {
      const freeze = (v: unknown): void => {
        if (typeof v !== 'object' || v === null) return;
        Object.freeze(v);
        Object.values(v).forEach(freeze);
      };
      fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => void playSteps(o, steps, (s) => freeze(s.state))), { numRuns: 50 });
    });

    it('is invariant to the scale of effects', () => {
      fc.assert(fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(2 ** -10, 1 / 8, 1024, 2 ** 20), (steps, factor) => {
        const scaled = steps.map((x) => (x.do === 'tell' ? { ...x, effect: x.effect * factor, error: x.error * factor } : x));
        assert.deepEqual(playSteps(o, scaled), playSteps(o, steps));
      }), runs);
    });

    it('keeps a state of bounded size over a long run', () => {
      const s = begin(o, 'long', 3000);
      const rng = seededRng('long effects');
      const sizes: number[] = [];
      for (let i = 0; i < 3000; i++) {
        const a = ask(o, s);
        assert.ok(a);
        tell(o, s, told(`s${i}`, a.parent, { ask: a, effect: rng.normal(), traits: { size: rng.int(2000) - 1000, footprint: rng.int(200), branches: rng.int(9) - 4 }, ...(rng.chance(0.2) ? { outcome: 'crashed' as const, effect: null } : {}) }));
        if (i % 1000 === 999) sizes.push(JSON.stringify(s.state).length);
      }
      assert.ok(Math.max(...sizes) < 20_000, sizes.join());
    });

    it('comes to an end when every parent is spent', () => {
      const s = begin(o);
      let n = 0;
      for (let a = ask(o, s); a !== null; a = ask(o, s), n++) {
        assert.ok(n < 200);
        tell(o, s, n < 20 ? told(`s${n}`, a.parent, { ask: a, effect: n / 10, outcome: n % 3 === 0 ? 'kept' : n % 3 === 1 ? 'blocked' : 'discarded' }) : told(`x${n}`, a.parent, { ask: a, outcome: 'invalid', effect: null, spent: true }));
      }
    });

    it('refuses unknown and unfit options with what there is', () => {
      const refused = (given: Record<string, unknown>, remedy: RegExp): void => {
        assert.throws(() => {
          const { options } = optimizerNamed(o.name, given);
          o.init(options, { evaluations: 10, knobs: KNOBS });
        }, (e) => e instanceof UserError && e.exitCode === 2 && remedy.test(e.remedy));
      };
      const [key, value] = Object.entries(OPTIMIZERS.find((x) => x.name === o.name)?.defaults ?? {})[0] ?? [];
      refused({ nonsense: 1 }, key === undefined ? /none/ : new RegExp(key));
      refused({ toString: 1 }, /option/);
      if (key === undefined) return;
      refused({ [key]: String(value) }, new RegExp(String(value)));
      for (const k of Object.keys(o.defaults)) for (const bad of [NaN, -1, Infinity]) if (!(bad === Infinity && !BOUNDED.has(k))) refused({ [k]: bad }, /Give a number/);
    });
  });
}

describe('optimizers by name', () => {
  it('that do not exist are refused with the list', () => {
    assert.throws(() => optimizerNamed('gredy', {}), (e) => e instanceof UserError && e.remedy.includes('greedy, best-of-n, annealing'));
  });

  it('greedy stays with what is verified, however many look better by luck', () => {
    const { optimizer: o } = optimizerNamed('greedy', {});
    const s = begin(o);
    const rng = seededRng('luck');
    tell(o, s, told('best', BASELINE, { outcome: 'kept', effect: 0.1 }));
    for (let i = 0; i < 500; i++) {
      assert.equal(ask(o, s)?.parent, 'best');
      tell(o, s, told(`s${i}`, 'best', { effect: 0.1 + 0.02 * rng.normal(), outcome: i % 2 ? 'discarded' : 'inconclusive' }));
    }
    tell(o, s, told('x', 'best', { outcome: 'invalid', effect: null, spent: true }));
    assert.notEqual(ask(o, s)?.parent, 'best');
  });

  it('annealing walks downhill at first also when many better ones are known, and climbs at the end', () => {
    const { optimizer: o, options } = optimizerNamed('annealing', { reheatBelow: 0 });
    const moves = (from: number, to: number): number => {
      const s: Session = { state: o.init(options, { evaluations: 1000 }), rng: seededRng('walk') };
      const rng = seededRng('steps');
      const at = new Map<string, number>([[BASELINE, 1]]); // a hill with its top at 0
      let down = 0;
      for (let i = 0; i < to; i++) {
        const a = ask(o, s)!;
        const mine = at.get(a.parent)! + 0.3 * rng.normal();
        at.set(`s${i}`, mine);
        tell(o, s, told(`s${i}`, a.parent, { effect: 1 - Math.abs(mine) }));
        if (i >= from && ask(o, s)?.parent === `s${i}` && Math.abs(mine) > Math.abs(at.get(a.parent)!)) down++;
      }
      return down / (to - from);
    };
    assert.ok(moves(200, 400) > 0.08, `${moves(200, 400)} early`);
    assert.ok(moves(800, 1000) < moves(200, 400) / 2, `${moves(800, 1000)} late`);
  });

  it('annealing goes back to the best and heats up when it is stuck', () => {
    const { optimizer: o } = optimizerNamed('annealing', {});
    const s = begin(o, 'stuck', 50);
    const heats: number[] = [];
    const asked: SolutionId[] = [];
    const effect = new Map([['peak', 1]]);
    tell(o, s, told('peak', BASELINE, { outcome: 'kept', effect: 1 }));
    for (let i = 0; i < 60; i++) {
      const a = ask(o, s)!;
      asked.push(a.parent);
      effect.set(`s${i}`, effect.get(a.parent)! - 1);
      tell(o, s, told(`s${i}`, a.parent, { effect: effect.get(`s${i}`)! }));
      heats.push((s.state as { inner: { heat: number } }).inner.heat);
    }
    assert.ok(heats.some((h, i) => i > 0 && h > heats[i - 1]! * 2));
    assert.ok(asked.some((id, i) => id === 'peak' && i > 0 && asked[i - 1] !== 'peak'), asked.join());
  });
});

/** Improvements, losses and failures by factors: the same program, to the letter, on every scale. */
const walk: Propose = (parent, _, rng) => {
  const inner = Number(parent['inner'] ?? 0) + rng.pick([0.25, 0.05, 0.01, 0, -0.1, -0.3]);
  const p: Program = { inner, tag: rng.int(1000) };
  return rng.chance(0.1) ? { ...p, fail: 'crash' } : p;
};

describe('optimizers through the engine', () => {
  const game = async (name: string, kind: 'ratio' | 'difference', direction: 'minimize' | 'maximize', factor: number): Promise<Done> => {
    const metric = kind === 'ratio' ? { ...TIME, direction } : { ...COUNT, name: 'score', kind: 'score' as const, direction };
    const sign = direction === 'minimize' ? -1 : 1;
    // Better is more: 1/x on the ratio scale, −x on the difference scale.
    const form = kind === 'ratio' ? (inner: number): number => factor * Math.exp(sign * inner) : (inner: number): number => factor * sign * inner;
    const noise = normal(0.03);
    const value = kind === 'ratio' ? (p: Record<string, string>, n: number): number => form(Number(p['inner'])) * Math.exp(-sign * n) : (p: Record<string, string>, n: number): number => form(Number(p['inner'])) - factor * sign * n;
    return play({
      spec: specOf({ metrics: [metric], evaluations: 25 }), world: new World({ noise, value, metrics: [metric.name], wallMs: () => 100 }), base: { inner: 0 },
      propose: walk, optimizer: name, seed: 4, noise: { values: { [metric.name]: form(0) }, scale: kind },
    });
  };
  /** Ids are hashes of programs that are written differently: numbered in the order in which they came. */
  const shape = (d: Done): string[] => {
    const names = new Map([...d.state.solutions.keys()].map((id, i) => [id, `#${i}`]));
    return [...asks(d).map((a) => a.replace(/[0-9a-f]{10}/g, (id) => names.get(id) ?? id)), ...outcomes(d)];
  };

  for (const { name } of OPTIMIZERS) {
    for (const kind of ['ratio', 'difference'] as const) {
      it(`${name}, ${kind}s: maximize f asks what minimize ${kind === 'ratio' ? '1/f' : '−f'} asks, on any scale`, async () => {
        const reference = shape(await game(name, kind, 'minimize', 1));
        assert.ok(reference.includes('kept'));
        if (name !== 'best-of-n') assert.ok(new Set(reference.slice(0, 25)).size > 2, 'it moved');
        assert.deepEqual(shape(await game(name, kind, 'maximize', 1)), reference);
        assert.deepEqual(shape(await game(name, kind, 'minimize', 1000)), reference);
        assert.deepEqual(shape(await game(name, kind, 'maximize', 1000)), reference);
      });
    }
  }
});
