// `validate`: everything that can be known before money and time are spent.

import { missingAssets } from '../hashes.ts';
import { printObjective } from '../../core/objective.ts';
import { checksResults } from '../../core/spec.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import { chooseLevel } from '../../adapters/sandbox/level.ts';
import { plantFailure } from '../../adapters/syntax/plant.ts';
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
    if (noise.resolvable !== null && !noise.deterministic) say(true, `this eval can resolve ${effectText(noise.resolvable, noise.scale)} in ${secondsText(noise.resolveSeconds)}`);
    const gateSeconds = gates.reduce((s, g) => s + g.seconds, 0);
    const perUseless = gateSeconds + noise.seconds * (noise.deterministic || noise.slow ? 1 : 12);
    const total = perUseless * spec.budget.evaluations + noise.resolveSeconds * 4;
    say(true, `a run of ${spec.budget.evaluations} evaluations takes about ${secondsText(total)} and costs $0.00 with the built-in mutators`);
    const ok = missing.length === 0 && planted.every((p) => p.by !== null || p.moved);
    if (globals.json) out.document({ spec: spec.name, ok, pins: base.flatMap((f) => f.pins.map((p) => p.id)), missing, sandbox: containment.level, note: containment.note, checked, gates, planted, noise, estimatedSeconds: total, estimatedUsd: 0 });
    else if (ok) out.line(`Next: sigil run ${spec.name}`);
    return ok ? 0 : 1;
  } finally {
    process.off('SIGINT', onSignal);
    await backend.close();
  }
}
