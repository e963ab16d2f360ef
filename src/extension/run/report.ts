// A run's report as Markdown: what is claimed, and what it rests on. From the fold, so that it needs no process and can be read untrusted.

import { comparisonText, overControl } from '../../core/control.ts';
import { gainText, noiseText, plain, secondsText, unitOf, worthSoFar } from '../../core/format.ts';
import { confinementWords, grantedWords } from '../../core/granted.ts';
import { modelRows } from '../../core/model-rows.ts';
import { printObjective } from '../../core/objective.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE } from '../../core/solution.ts';
import { soleMetric } from '../../core/axis.ts';

/** Text that may hold anything, for a cell of a table. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', 'ˋ')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((r) => `| ${r.join(' | ')} |`), ''];
}

function claim(s: RunState): string {
  const best = s.solutions.get(s.incumbent);
  if (s.summary?.reason === 'eval-broken') return '**Stopped: the evaluation fails on the unchanged code too.** “Check What an Evaluation Can Resolve” shows where.';
  if (best?.gain) return `**Gain: ${gainText(best.gain, unitOf(s))}** against the original code, by ${best.gain.pairs} fresh pairs in ${best.gain.processes} processes${best.gain.low === best.gain.high ? '' : '; the interval is 95 %'}.`;
  if (s.incumbent !== BASELINE) return `The best so far is worth ${best ? worthSoFar(s, best) : '–'} by its steps. It is not verified against the original code yet: resume the run, or measure it again.`;
  return s.summary === null ? 'Nothing better than the original code so far.' : '**No improvement was found.** That is a result: nothing tried was verified better than the code as it is.';
}

function verdicts(s: RunState): string {
  const counts = Object.entries(s.counts).filter(([, n]) => n > 0).map(([outcome, n]) => `${n} ${outcome}`);
  return counts.length === 0 ? 'none yet' : counts.join(', ');
}

/** `control` is a finished best-of-n run of the same spec with the same budget, if there is one. */
export function reportOf(run: string, s: RunState, control: { readonly run: string; readonly state: RunState } | null): string {
  const { started, noise } = s;
  if (started === null) return `# Run ${run}\n\nIt ended before it began: its terminal says why.\n`;
  const metric = soleMetric(started.spec);
  const kept = [...s.solutions.values()].filter((x) => x.promotion !== null);
  const top = (x: SolutionState): string[] => [code(x.id), x.promotion ? gainText(x.promotion, unitOf(s)) : '', worthSoFar(s, x), String(x.pairs), cell(x.summary)];
  const over = control === null ? null : overControl(s, control.state);
  const controlText = control === null ? 'not compared with best-of-n (`--control` does)' : `${control.state.summary?.gain ? gainText(control.state.summary.gain, unitOf(s)) : 'no verified improvement'} by best-of-n with the same budget (${code(control.run)})${over === null ? '' : `. ${cell(comparisonText(over, unitOf(s)))}`}`;
  const models = modelRows(s);
  const baseline = noise === null ? '' : Object.entries(noise.values).map(([k, v]) => `${cell(k)} ${plain(v)}${metric?.name === k && metric.unit !== undefined ? ` ${metric.unit}` : ''}`).join(', ');
  return [
    `# ${cell(started.spec.name)}: ${cell(printObjective(started.spec.objective))}`, '', claim(s), '',
    ...table(['', ''], [
      ['Run', code(run)],
      ['Search', cell(`${started.spec.optimizer.name}, proposer ${started.model}, seed ${started.seed}`)],
      ['Changes', started.base.flatMap((f) => f.pins.map((p) => code(p.id))).join(', ')],
      ...(noise === null ? [] : [['Baseline', baseline], ['Noise', noiseText(noise, metric?.unit)]]),
      ['False promotions', `at most ${(started.spec.alpha * 100).toFixed(0)} % over the whole run`],
      ['Spent', `${s.evaluations} of ${s.planned} evaluations, ${s.processes} processes, ${secondsText(s.activeMs / 1000)}, $${s.usd.toFixed(2)}`],
      ['Outcomes', verdicts(s)],
      ['Control', controlText],
      ['Machine', cell(`${started.machine.cores} × ${started.machine.cpu}, ${started.machine.memoryGb} GB, ${started.machine.os}, Node ${started.machine.node}`)],
      ...(started.granted === undefined ? [] : [['Agent', cell(grantedWords(started.granted, started.spec, started.level === 'bubblewrap'))]]),
      ['Confined by', cell(confinementWords(started.level, started.spec))],
    ]),
    ...(models.length === 0 ? [] : ['## Models', '', ...table(['model', 'answers', 'invalid', 'measured', 'better', 'kept', 'tokens in, of them cached, out', 'cost'], models.map((m) => [
      cell(m.model), ...[m.proposals, m.invalid, m.measured, m.better, m.kept].map(String), `${m.input}, ${m.cached}, ${m.output}`, `$${m.usd.toFixed(2)}`,
    ])), '']),
    ...(kept.length === 0 ? [] : ['## Verified steps', '', ...table(['solution', 'step', 'so far', 'pairs', 'what'], kept.map(top))]),
  ].join('\n');
}
