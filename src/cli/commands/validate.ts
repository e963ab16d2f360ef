// `validate`: everything that can be known before money and time are spent.

import { expectedCost } from '../expected-cost.ts';
import { missingAssets } from '../hashes.ts';
import { printObjective } from '../../core/objective.ts';
import type { Noise } from '../../core/events.ts';
import { checksResults, type Spec, type Stage } from '../../core/spec.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import { chooseLevel } from '../../adapters/sandbox/level.ts';
import { plantFailure } from '../../adapters/syntax/plant.ts';
import { comparesShares } from '../../engine/cascade.ts';
import { preflight, type Planted } from '../../engine/preflight.ts';
import { openBackend } from '../running/backend.ts';
import type { Globals } from '../main.ts';
import { baseOf, projectRoot, specFor } from '../project.ts';
import { effectText, noiseText, plain, secondsText } from '../../core/format.ts';
import { Output } from '../view/terminal.ts';

const REASONS = 'an installed copy of the package is imported instead, a workspace link or an absolute path leads elsewhere, stale bytecode or a build is used, or nothing calls this function';

function plantedText(p: Planted): string {
  if (p.by !== null) return `a planted failure is noticed (${p.by})`;
  if (p.moved) return 'a planted failure moves the metric, though nothing fails: add a gate if results must stay right';
  return `a planted failure is NOT noticed: your eval does not run this code. Likely: ${REASONS}`;
}

/** A stage of the cascade as the original's runs have shown it. */
interface CheckedStage {
  readonly stage: Stage;
  readonly name: string;
  readonly metric: string;
  readonly value: number;
  /** Of one run. */
  readonly seconds: number;
  /** How much worse than their median the worst of the original's runs was, and how much worse a candidate may be: a share, or in the metric's unit. */
  readonly noise: number;
  readonly slack: number;
  readonly ok: boolean;
}

function checkedStages(spec: Spec, { stages, stageRuns }: Noise): readonly CheckedStage[] {
  return (spec.cascade ?? []).map((stage, i) => {
    const runs = stageRuns?.[i] ?? { seconds: 0, noise: 0 };
    return { stage, name: stage.name, metric: stage.metric.name, value: stages?.[i] ?? 0, ...runs, slack: stage.slack, ok: runs.noise <= stage.slack };
  });
}

function stageText({ stage, name, metric, value, seconds, noise, slack, ok }: CheckedStage): string {
  const { unit } = stage.metric;
  const amount = (x: number): string => (comparesShares(stage) ? `${plain(Number((x * 100).toPrecision(2)))} %` : `${plain(x)}${unit === '' ? '' : ` ${unit}`}`);
  const own = noise === 0 ? 'no noise' : `its own noise is ${amount(noise)}`;
  return `${name}: ${metric} ${plain(value)}; one run takes ${secondsText(seconds)}; ${own}, and what is up to ${amount(slack)} worse passes${ok ? '' : ': code that is no worse would be turned away; give it a larger slack'}`;
}

export async function validate(globals: Globals, options: { sandbox: SandboxWish }, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const spec = await specFor(root, name ?? '');
  const base = await baseOf(root, spec);
  const containment = await chooseLevel(options.sandbox);
  const say = (ok: boolean, text: string): void => out.line(`${ok ? out.paint('✔', 'green') : out.paint('✗', 'red')} ${text}`);
  say(true, `${spec.name}: ${printObjective(spec.objective)}`);
  for (const f of base) for (const p of f.pins) say(true, `pin ${p.id}, lines ${p.range.startLine}–${p.range.endLine}`);
  const missing = missingAssets(root, spec);
  for (const m of missing) say(false, m);
  say(containment.level === 'bubblewrap', containment.note ?? 'sandbox: bubblewrap');
  const checked = checksResults(spec);
  say(checked, checked ? `results are checked by ${[...spec.gates.map((g) => g.name), ...(spec.call?.compare === true ? ['the call eval'] : [])].join(', ')}` : 'nothing checks that results stay right: generic edits are off; add gates or a call eval');

  const abort = new AbortController();
  const onSignal = (): void => abort.abort();
  process.once('SIGINT', onSignal);
  const backend = await openBackend(root, spec, base, containment, `validate-${process.pid}`, abort.signal, (text) => out.line(text));
  try {
    const plant = new Map<string, string>();
    for (const f of base) for (const p of f.pins) plant.set(p.id, await plantFailure(p, f.text));
    const { noise, gates, planted } = await preflight(spec, base, backend, plant, abort.signal);
    for (const g of gates) say(g.ok, `${g.gate} passes in ${secondsText(g.seconds)}`);
    for (const p of planted) say(p.by !== null || p.moved, `${p.pin}: ${plantedText(p)}`);
    say(true, `baseline: ${Object.entries(noise.values).map(([k, v]) => `${k} ${plain(v)}`).join(', ')}; one evaluation takes ${secondsText(noise.seconds)}`);
    say(noise.resolvable !== null, noiseText(noise));
    const stages = checkedStages(spec, noise);
    for (const s of stages) say(s.ok, stageText(s));
    if (noise.resolvable !== null && !noise.deterministic) say(true, `this eval can resolve ${effectText(noise.resolvable, noise.scale)} in ${secondsText(noise.resolveSeconds)}`);
    const gateSeconds = gates.reduce((s, g) => s + g.seconds, 0);
    const stageSeconds = stages.reduce((sum, s) => sum + s.seconds, 0);
    const perUseless = gateSeconds + stageSeconds + noise.seconds * (noise.deterministic || noise.slow ? 1 : 12);
    const total = perUseless * spec.budget.evaluations + noise.resolveSeconds * 4;
    const cost = expectedCost(root, spec);
    say(true, `a run of ${spec.budget.evaluations} evaluations takes about ${secondsText(total)}${cost.lines === null ? ' and costs $0.00 with the built-in mutators' : ', and longer where models answer slowly'}`);
    for (const line of cost.lines ?? []) say(cost.ok, line);
    const ok = missing.length === 0 && planted.every((p) => p.by !== null || p.moved);
    if (globals.json) out.document({ spec: spec.name, ok, pins: base.flatMap((f) => f.pins.map((p) => p.id)), missing, sandbox: containment.level, note: containment.note, checked, gates, planted, noise, ...(stages.length === 0 ? {} : { stages: stages.map(({ stage, ...told }) => ({ ...told, command: stage.command })) }), estimatedSeconds: total, estimatedUsd: cost.usd });
    else if (ok) out.line(`Next: sigil run ${spec.name}`);
    return ok ? 0 : 1;
  } finally {
    process.off('SIGINT', onSignal);
    await backend.close();
  }
}
