// `run`: a new search for a spec, or for the weco-style flags without one.

import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { wishText, type Effort } from '../../core/model-wish.ts';
import { optimizerNamed } from '../../core/optimizers/registry.ts';
import type { Spec } from '../../core/spec.ts';
import { milliseconds } from '../../adapters/spec/resolve.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import { readUserConfig } from '../../adapters/user-config.ts';
import { findPins } from '../../adapters/syntax/pins.ts';
import { specForAgents } from '../agents.ts';
import { conductRun } from '../running/conduct.ts';
import type { Globals } from '../main.ts';
import { defaultWords, wantedModels, whoIsAsked } from '../default-model.ts';
import { pricesFrom, specForModels } from '../models.ts';
import { assertOfUse } from '../of-no-use.ts';
import { specOfFlags } from '../mark-spec.ts';
import { fromRoot, projectRoot, specFor, textOf } from '../project.ts';
import { Output } from '../view/terminal.ts';

export interface RunOptions {
  readonly workspace: string;
  readonly name?: string;
  readonly optimizer?: string;
  readonly option: readonly string[];
  readonly niter?: number;
  readonly steps?: number;
  readonly model: readonly string[];
  readonly baseUrl?: string;
  readonly temperature?: { readonly low: number; readonly high: number };
  readonly effort?: Effort;
  readonly budgetUsd?: number;
  readonly usdPerDay?: number;
  readonly prices?: string;
  readonly time?: string;
  readonly parallel?: number;
  readonly calls?: number;
  readonly seed?: string;
  readonly sandbox: SandboxWish;
  readonly from?: string;
  readonly instructions?: string;
  readonly additionalInstructions?: string;
  readonly control?: boolean;
  readonly source?: string;
  readonly evalCommand?: string;
  readonly metric?: string;
  readonly maximize?: 'true' | 'false';
  readonly outputs: readonly string[];
  readonly env: readonly string[];
  readonly network?: boolean;
  readonly evalTimeout?: number;
  readonly logDir?: string;
}

async function specOfSource(root: string, o: RunOptions): Promise<Spec> {
  const missing = [['--eval-command', o.evalCommand], ['--metric', o.metric], ['--maximize', o.maximize]].filter(([, v]) => v === undefined).map(([k]) => k);
  if (missing.length > 0) throw new UserError(`--source needs ${missing.join(' and ')} too`, 'For example: sigil run --source optimize.py --eval-command "python evaluate.py" --metric speedup --maximize true --steps 15', 2);
  const source = fromRoot(root, o.source ?? '');
  const marks = (await findPins(source, textOf(root, source))).pins;
  return specOfFlags({
    source, evalCommand: o.evalCommand ?? '', metric: o.metric ?? '', maximize: o.maximize === 'true',
    pins: marks.length > 0 ? marks.map((p) => p.id) : [source], outputs: o.outputs, env: o.env, network: o.network === true, timeoutSeconds: o.evalTimeout ?? null,
  });
}

/** `key=value` with numbers and booleans read as such. */
function optimizerOptions(pairs: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UserError(`--option ${pair}: it is not KEY=VALUE`, 'For example --option heat=2.', 2);
    const text = pair.slice(at + 1);
    out[pair.slice(0, at)] = text === 'true' ? true : text === 'false' ? false : text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return out;
}

/** A text, or the file that it names. */
function textOrFile(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (value.length < 4096 && existsSync(value)) {
    try {
      return readFileSync(value, 'utf8');
    } catch (e) {
      throw new UserError(`--instructions ${value}: it cannot be read: ${(e as Error).message}`, 'Give a file of text that you may read, or the text itself.', 2);
    }
  }
  // One word with a slash or an ending is a path with a mistake in it, and a poor instruction.
  if (/^\S*(?:\/\S*|[\w-]\.[A-Za-z]\w{0,4})$/.test(value)) throw new UserError(`--instructions ${value}: there is no such file`, 'Check the path, or give the text itself, in more than one word.', 2);
  return value;
}

export async function startRun(globals: Globals, o: RunOptions, name?: string): Promise<number> {
  const root = projectRoot(globals.cwd);
  if (name === undefined && o.source === undefined) throw new UserError('what is to be improved? Give a spec, or --source with --eval-command and --metric', '"sigil pins" lists what is marked.', 2);
  if (name !== undefined && o.source !== undefined) throw new UserError(`both a spec ("${name}") and --source were given`, 'Give one of the two.', 2);
  const spec = o.source === undefined ? await specFor(root, name ?? '') : await specOfSource(root, o);
  const wanted = wantedModels(o, spec.models);
  const { agents: wantedAgents, models: asked } = whoIsAsked(root, wanted);
  const workspace = o.name ?? o.workspace;
  if (!/^(?!(?:runs|solutions)$)[A-Za-z0-9_][\w.-]*$/.test(workspace)) throw new UserError(`--workspace ${workspace}: it is the name of a folder of letters, digits, _ . -, and not "runs" or "solutions"`, 'For example --workspace v2.', 2);
  // A model's answers are dear and can be mixed: islands make more of them. The built-in mutators' edits are many and small.
  const named = o.optimizer ?? (asked.length + wantedAgents.length > 0 && spec.optimizer.byDefault === true ? 'alphaevolve' : spec.optimizer.name);
  const chosen = optimizerNamed(named, { ...(named === spec.optimizer.name ? spec.optimizer.options : {}), ...optimizerOptions(o.option) });
  // A search that sets numbers by itself asks no model: it is an error only where one was named for this run.
  const unasked = wanted.from !== 'command' && chosen.optimizer.needs === 'knobs';
  const [models, agents] = unasked ? [[], []] : [asked, wantedAgents];
  assertOfUse(o, models.length, agents.map((a) => a.agent.model), false);
  const instructions = textOrFile(o.instructions ?? o.additionalInstructions);
  if (instructions !== null && models.length + agents.length === 0) new Output(globals.json).line('The built-in mutators read no instructions: those given are kept, and nobody follows them.');
  const seed = o.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(o.seed);
  if (!Number.isInteger(seed)) throw new UserError(`--seed ${o.seed ?? ''}: it is not a whole number`, 'For example --seed 7.', 2);
  const prices = pricesFrom(o.prices);
  const final: Spec = {
    ...spec,
    ...(prices === undefined ? {} : { prices: { ...spec.prices, ...prices } }),
    budget: {
      evaluations: o.niter ?? o.steps ?? spec.budget.evaluations,
      timeMs: o.time === undefined ? spec.budget.timeMs : milliseconds(o.time),
      usd: o.budgetUsd ?? spec.budget.usd,
    },
    optimizer: { name: chosen.optimizer.name, options: chosen.options },
    instructions: instructions ?? spec.instructions,
  };
  if (models.length + agents.length > 0 && (wanted.from === 'spec' || wanted.from === 'user')) new Output(globals.json).line(defaultWords(wishText(wanted.wishes), wanted.from));
  const usdPerDay = o.usdPerDay ?? readUserConfig().usdPerDay;
  return conductRun({
    root, json: globals.json, sandbox: o.sandbox, parallel: o.parallel ?? null, calls: o.calls ?? null, logDir: o.logDir ?? null,
    models, agents, usdPerDay,
    what: { kind: 'new', spec: await specForAgents(root, specForModels(final, models, usdPerDay, root), agents, usdPerDay), workspace, seed, from: o.from ?? null, control: o.control === true },
  });
}
