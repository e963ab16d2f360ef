// One golden log an optimizer: asks and tells on a fixed landscape, byte for byte. UPDATE_GOLDEN=1 rewrites them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Optimizer, Told } from '../../../src/core/optimizers/optimizer.ts';
import { OPTIMIZERS, optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { BASELINE, type Outcome } from '../../../src/core/solution.ts';
import { KNOBS } from '../engine/world.ts';

/** A rugged hill: independent of the optimizer's randomness, the same for all. Effects have two decimals, so that the log is the same on every machine. */
function transcript(o: Optimizer, options: Readonly<Record<string, unknown>>, asks: number): string {
  const checked = optimizerNamed(o.name, options).options;
  const lines = [`${o.name} ${JSON.stringify(checked)}`];
  const search = seededRng('golden search');
  const world = seededRng('golden world');
  const effect = new Map<string, number>([[BASELINE, 0]]);
  const children = new Map<string, number>();
  let state = o.init(checked, { evaluations: asks, knobs: KNOBS });
  let best = 0;
  for (let n = 0; n < asks; n++) {
    const out = o.ask(state, search);
    state = out.state;
    if (out.ask === null) {
      lines.push('nothing to ask');
      break;
    }
    const { parent } = out.ask;
    const id = `s${n}`;
    const born = (children.get(parent) ?? 0) + 1;
    children.set(parent, born);
    const u = world.next();
    const step = Math.round(100 * (0.25 * world.normal() - 0.05)) / 100;
    const mine = Math.round(100 * ((effect.get(parent) ?? 0) + step)) / 100;
    const spent = born > (parent === BASELINE ? 99 : 9);
    const result: Outcome = spent ? 'invalid' : u < 0.06 ? 'duplicate' : u < 0.12 ? 'crashed' : u < 0.16 ? 'blocked' : mine > best + 0.1 ? 'kept' : u < 0.4 ? 'inconclusive' : 'discarded';
    const measured = result === 'kept' || result === 'inconclusive' || result === 'discarded';
    if (measured) effect.set(id, mine);
    if (result === 'kept') best = mine;
    const traits = { size: 13 * step * 100, footprint: born, branches: n % 3 - 1 };
    const told: Told = { id, parent, ask: out.ask, traits, outcome: result, effect: measured ? mine : null, error: measured ? 0.05 : null, feasible: u < 0.95, operator: 'edit', spent };
    state = o.tell(state, told, search);
    const { operator, broken, branch, inspirations, knobs } = out.ask;
    const how = operator === undefined ? '' : `${operator}${broken === undefined ? '' : ` ${broken}`}${branch === undefined ? '' : ` in ${branch}`}${knobs === undefined ? '' : ` ${knobs.join(' ')}`}${inspirations.length === 0 ? '' : ` with ${inspirations.join(' ')}`} `;
    lines.push(`${id} ${how}of ${parent}: ${result}${measured ? ` ${mine.toFixed(2)}` : ''}${told.feasible ? '' : ' infeasible'}${spent ? ' spent' : ''}`);
    if (n % 17 === 16) {
      state = o.ban(state, id);
      lines.push(`ban ${id}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

describe('golden logs', () => {
  const logs = OPTIMIZERS.flatMap((o) => [{ o, name: o.name, options: {} }, ...('draftsPerStep' in o.defaults ? [{ o, name: `${o.name}.drafts`, options: { draftsPerStep: 3 } }] : [])]);
  for (const { o, name, options } of logs) {
    it(name, () => {
      const file = path.join(__dirname, '../../fixtures/golden', `${name}.txt`);
      const now = transcript(o, options, 120);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, now);
      assert.equal(now, readFileSync(file, 'utf8'), 'the search has changed: runs that were begun before cannot be resumed. If that is wanted, UPDATE_GOLDEN=1 rewrites the log.');
    });
  }
});
