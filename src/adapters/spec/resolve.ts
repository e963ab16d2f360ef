// A spec entry with every default filled in.

import { UserError } from '../../core/errors.ts';
import { temperatureOf, wishOf, type ModelWish } from '../../core/model-wish.ts';
import { guessDirection, guessKind } from '../../core/metric.ts';
import { metricsOf, parseObjective, type Objective } from '../../core/objective.ts';
import type { Command, MetricSource, ModelPrice, Spec, SpecMetric, Stage } from '../../core/spec.ts';
import type { SpecEntry } from '../../protocol/spec-file.ts';
import { closest } from '../text.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5 };

/** Milliseconds of `90`, `90s`, `10m`. */
export function milliseconds(value: number | string): number {
  if (typeof value === 'number') return value * 1e3;
  const m = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/.exec(value.trim());
  if (!m) throw new UserError(`"${value}" is not a duration`, 'Write 500ms, 30s, 10m or 1h.', 2);
  return Number(m[1]) * (UNITS[m[2] ?? 's'] ?? 1e3);
}

function pricesOf(entries: NonNullable<SpecEntry['prices']>): Record<string, ModelPrice> {
  return Object.fromEntries(Object.entries(entries).map(([model, p]) => [model, {
    input: p.input, output: p.output, ...(p.cache_read === undefined ? {} : { cacheRead: p.cache_read }), ...(p.cache_write === undefined ? {} : { cacheWrite: p.cache_write }),
  }]));
}

type CommandEntry = string | { name?: string | undefined; command: string; timeout?: number | string | undefined };

function command(entry: CommandEntry | undefined, name: string, timeout: number | string): Command | null {
  if (entry === undefined) return null;
  if (typeof entry === 'string') return { name, command: entry, timeoutMs: milliseconds(timeout) };
  return { name: entry.name ?? name, command: entry.command, timeoutMs: milliseconds(entry.timeout ?? timeout) };
}

function sourceOf(entry: SpecEntry['metrics'][number]['source'], hasCall: boolean): MetricSource {
  if (entry === undefined) return hasCall ? { from: 'call', clock: 'cpu' } : { from: 'line' };
  if (entry === 'line') return { from: 'line' };
  if ('json' in entry) return { from: 'json', path: entry.json };
  if ('file' in entry) return { from: 'file', file: entry.file, ...(entry.path === undefined ? {} : { path: entry.path }) };
  if ('regex' in entry) return { from: 'regex', regex: entry.regex };
  if ('parse' in entry) return { from: 'parse', command: entry.parse };
  if ('timer' in entry) return { from: 'timer', clock: entry.timer };
  return { from: 'call', clock: entry.call };
}

type Fail = (path: readonly (string | number)[], what: string, remedy: string) => UserError;

function objectiveOf(text: string, fail: Fail): Objective {
  try {
    return parseObjective(text);
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    throw fail(['objective'], e.message.replace(/^objective /, ''), e.remedy);
  }
}

/** Where a key of the spec stands, for messages: `sigil.yaml:7:5, spec "x"`, or a place that is the same for all. */
export type Where = string | ((path: readonly (string | number)[]) => string);

/** Fills in defaults and checks what a schema cannot: references between keys. */
type WishEntry = NonNullable<SpecEntry['models']>[number];

function wishIn(entry: WishEntry): ModelWish {
  if (typeof entry === 'string') return wishOf(entry);
  const { name, weight, temperature, effort } = entry;
  const range = temperature === undefined ? null : temperatureOf(String(temperature));
  return { name, weight, ...(range === null ? {} : { temperature: range }), ...(effort === undefined ? {} : { effort }) };
}

export function resolveSpec(name: string, entry: SpecEntry, where: Where): Spec {
  const fail: Fail = (path, what, remedy) => {
    const key = path.map((p, i) => (typeof p === 'number' ? ((path[i - 1] === 'metrics' ? entry.metrics[p]?.name : undefined) ?? String(p)) : p)).join('.');
    return new UserError(`${typeof where === 'string' ? where : where(path)}, key "${key}": ${what}`, remedy, 2);
  };
  const hasCall = entry.call !== undefined;
  const objective = entry.objective === undefined ? null : objectiveOf(entry.objective, fail);
  const alone = objective?.expression.op === 'metric' ? objective.expression.name : undefined;

  const metrics: SpecMetric[] = entry.metrics.map((m) => {
    const source = sourceOf(m.source, hasCall);
    const kind = m.kind ?? (source.from === 'timer' || source.from === 'call' ? 'time' : guessKind(m.name, m.unit));
    const direction = m.direction ?? (alone === m.name && objective ? objective.direction : guessDirection(kind));
    return {
      name: m.name, kind, direction, source,
      ...(m.unit === undefined ? (source.from === 'timer' || source.from === 'call' ? { unit: 'ms' } : {}) : { unit: m.unit }),
      exclusive: m.exclusive ?? (kind === 'time' || kind === 'rate'),
      minEffect: m.min_effect ?? (kind === 'time' || kind === 'rate' ? 0.01 : 0),
    };
  });
  const names = metrics.map((m) => m.name);
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) throw fail(['metrics', names.lastIndexOf(twice), 'name'], `"${twice}" is there twice`, 'Give each metric a name of its own.');

  const first = metrics[0] as SpecMetric;
  const goal = objective ?? { direction: first.direction, expression: { op: 'metric' as const, name: first.name }, constraints: [] };
  for (const n of metricsOf(goal))
    if (!names.includes(n)) throw fail(['objective'], `there is no metric "${n}"`, closest(n, names, 'metric'));
  for (const [i, m] of metrics.entries()) {
    if (m.source.from === 'call' && !hasCall) throw fail(['metrics', i, 'source'], '"call" needs a call eval', 'Add a "call:" section with inputs, or use another source.');
    if (m.source.from !== 'call' && entry.measure === undefined) throw fail(['measure'], `the metric "${m.name}" needs a command to measure`, 'Add "measure: <command>", or "source: { call: cpu }" with a call eval.');
    if (m.source.from === 'regex') {
      try {
        new RegExp(m.source.regex, 'm');
      } catch (e) {
        throw fail(['metrics', i, 'source', 'regex'], (e as Error).message, 'Correct the regular expression (JavaScript syntax).');
      }
    }
    if (alone === m.name && objective && m.direction !== objective.direction)
      throw fail(['metrics', i, 'direction'], `says ${m.direction}, but the objective says ${objective.direction}`, 'Leave one of the two out.');
  }

  const t = entry.timeouts ?? {};
  const cascade = (entry.cascade ?? []).map((stage, i): Stage => {
    const metric = stage.metric === undefined ? first : metrics.find((m) => m.name === stage.metric);
    if (metric === undefined) throw fail(['cascade', i, 'metric'], `there is no metric "${stage.metric ?? ''}"`, closest(stage.metric ?? '', names, 'metric'));
    const byRatio = metric.kind === 'time' || metric.kind === 'rate' || metric.kind === 'size';
    return {
      ...(command(stage, `cascade ${i + 1}`, t.measure ?? 600) as Command), slack: stage.slack ?? (byRatio ? 0.2 : 0),
      metric: metric.source.from === 'call' ? { ...metric, source: { from: 'timer', clock: 'wall' } } : metric,
    };
  });
  const inputs = entry.call?.inputs;
  const { optimizer } = entry;
  return {
    name,
    pins: entry.pins,
    scope: { editable: entry.scope?.editable ?? [], readonly: entry.scope?.readonly ?? [], hidden: entry.scope?.hidden ?? [] },
    link: entry.link ?? [],
    copy: entry.copy ?? [],
    outputs: entry.outputs ?? [],
    setup: command(entry.setup, 'setup', t.setup ?? 600),
    build: command(entry.build, 'build', t.build ?? 300),
    gates: entry.gates.map((g, i) => command(g, `gate ${i + 1}`, t.gate ?? 120) as Command),
    ...(cascade.length === 0 ? {} : { cascade }),
    measure: command(entry.measure, 'measure', t.measure ?? 600),
    call: entry.call === undefined || inputs === undefined ? null : {
      inputs: typeof inputs === 'string' ? (/^[^:]+:[A-Za-z_$][\w$]*$/.test(inputs) ? { generator: inputs } : { file: inputs }) : inputs,
      heldOut: entry.call.held_out, compare: entry.call.compare, seed: entry.call.seed, ordered: entry.call.ordered, timeoutMs: milliseconds(t.measure ?? 600),
      tolerance: entry.call.tolerance ?? { relative: 1e-9, absolute: 1e-12 },
    },
    heldOut: command(entry.held_out, 'held-out', t.measure ?? 600),
    metrics,
    objective: goal,
    env: entry.env,
    network: entry.network,
    memoryMb: entry.memory_mb,
    alpha: entry.alpha,
    budget: {
      evaluations: entry.budget?.evaluations ?? 60,
      timeMs: entry.budget?.time === undefined ? null : milliseconds(entry.budget.time),
      usd: entry.budget?.usd ?? null,
    },
    optimizer: optimizer === undefined ? { name: 'greedy', options: {}, byDefault: true } : typeof optimizer === 'string' ? { name: optimizer, options: {} } : { name: optimizer.name, options: Object.fromEntries(Object.entries(optimizer).filter(([k]) => k !== 'name')) },
    instructions: entry.instructions ?? null,
    ...(entry.models === undefined ? {} : { models: entry.models.map(wishIn) }),
    ...(entry.prices === undefined ? {} : { prices: pricesOf(entry.prices) }),
  };
}
