// One run of one contender on one landscape: its command in a fresh folder, with the simulated model and the evaluation in this process, which
// sees every execution of the evaluation in its order. So nothing depends on what a system says of itself.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ModelServer } from '../../test/models/server.ts';
import { instanceRng, type Family } from '../landscapes.ts';
import { SimulatedModel } from './model.ts';
import { MEASURE, serveWorth, writeQuickProject } from './quick.ts';
import type { System } from './systems.ts';

export type Contender =
  | { readonly name: string; readonly kind: 'sigil'; readonly command: string }
  | { readonly name: string; readonly kind: 'other'; readonly system: System; readonly python: string };

export interface Played {
  readonly contender: string;
  readonly family: string;
  readonly seed: number;
  readonly budget: number;
  /** What each execution of the evaluation after the first answer gave, null for a failure. */
  readonly worths: readonly (number | null)[];
  /** The answers of the model until each. */
  readonly answers: readonly number[];
  readonly seconds: number;
}

/** Where this is reached there is nothing more to see. */
export const TOP = 0.99;
/** Time for an orderly end, ms. */
const GRACE = 5000;

export async function play(contender: Contender, family: Family, seed: number, budget: number): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  const land = family.make(instanceRng(family, seed));
  const model = new SimulatedModel(land, `${family.name} ${seed}`, { medianMs: 0, sigma: 0 });
  const server = await new ModelServer(model.reply).start();
  const worths: (number | null)[] = [];
  const answers: number[] = [];
  let end = (): void => undefined;
  const evaluation = await serveWorth(land, (worth) => {
    if (server.log.length === 0 || worths.length >= budget) return; // before the first answer it is the original that is measured
    worths.push(worth);
    answers.push(server.log.length);
    if (worths.length === budget || (worth ?? 0) >= TOP) end();
  });
  const root = join(folder, 'project');
  writeQuickProject(root, land, evaluation);
  const url = `${server.url}/v1`;
  const began = Date.now();
  try {
    const [program, args] = commandOf(contender, root, url, seed, budget);
    await new Promise<void>((done, fail) => {
      const child = spawn(program, args, {
        cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: `${dirname(program)}:/usr/bin:/bin`, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, SIGIL_CACHE_DIR: join(folder, 'cache'), OPENAI_API_KEY: 'none' },
      });
      let said = '';
      let ended = false;
      const send = (signal: NodeJS.Signals): void => { try { process.kill(-(child.pid ?? 0), signal); } catch { /* it has ended */ } };
      let timer: NodeJS.Timeout | undefined;
      end = () => {
        if (ended) return;
        ended = true;
        send('SIGTERM');
        timer = setTimeout(() => send('SIGKILL'), GRACE);
      };
      child.stderr.setEncoding('utf8').on('data', (piece: string) => (said = (said + piece).slice(-4000)));
      child.once('error', fail).once('exit', (code) => {
        clearTimeout(timer);
        send('SIGKILL'); // what it has left running
        if (ended || code === 0 || worths.length > budget / 2) done();
        else fail(new Error(`${contender.name} on ${family.name} ${seed}: exit ${String(code)} after ${worths.length} evaluations\n${said}`));
      });
    });
    return { contender: contender.name, family: family.name, seed, budget, worths, answers, seconds: (Date.now() - began) / 1000 };
  } finally {
    await server.stop();
    evaluation.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function commandOf(c: Contender, root: string, url: string, seed: number, budget: number): readonly [string, readonly string[]] {
  if (c.kind === 'sigil') return [process.execPath, [c.command, 'run', 'simulated', '--model', 'openai/sim', '--base-url', url, '--niter', String(budget), '--optimizer', c.name, '--seed', String(seed), '--json']];
  // Answers without an edit are no evaluations: it gets more of what it counts, and is ended when it has had as many as the others.
  const setting = { root, measure: MEASURE, seed, url, budget: 2 * budget };
  c.system.write(setting);
  return [c.python, c.system.args(setting)];
}
