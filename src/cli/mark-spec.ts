// Specs without a sigil.yaml: from the options of marks in code, and from the weco-style flags.

import { UserError } from '../core/errors.ts';
import type { Pin } from '../core/pin.ts';
import type { Spec } from '../core/spec.ts';
import { resolveSpec } from '../adapters/spec/resolve.ts';
import type { SpecEntry } from '../protocol/spec-file.ts';
import { specSchema } from '../protocol/spec-file.ts';
import type { FoundPin } from './project.ts';

function entryOf(entry: unknown): SpecEntry {
  return specSchema.parse(entry);
}

/** The spec that marks describe. Throws a UserError that says what is missing. */
export function specOfMark(name: string, pins: readonly Pin[]): Spec {
  const options = pins.map((p) => p.options);
  const first = (key: keyof Pin['options']): string | undefined => options.map((o) => o[key]).find((v) => v !== undefined);
  const command = first('eval');
  const where = pins[0]?.id ?? name;
  if (command === undefined && first('withEval') !== undefined) {
    throw new UserError(
      `${where}: its evaluation is the function "${first('withEval') ?? ''}" of a decorator, which needs Sigil's runtime in the program`,
      `The runtime is not part of this version: describe how to measure in sigil.yaml under "${name}" (a call eval calls the function on inputs), or write eval="…" metric=… in a comment mark.`, 2,
    );
  }
  if (command === undefined) {
    throw new UserError(
      `${where}: the mark does not say how to measure`,
      `Add to sigil.yaml:\n\nversion: 1\nspecs:\n  ${name}:\n    pins: ["${where}"]\n    measure: <command that prints "time_ms: 12.3">\n    metrics: [{ name: time_ms }]\n\nor write eval="<command>" metric=time_ms in the mark.`, 2,
    );
  }
  const metric = first('metric');
  const goal = first('goal');
  const direction = goal === undefined ? {} : { direction: goal === 'max' ? 'maximize' : 'minimize' };
  const metrics = metric === undefined ? [{ name: 'time_ms', kind: 'time', source: { timer: 'wall' }, ...direction }] : [{ name: metric, ...direction }];
  return resolveSpec(name, entryOf({ pins: pins.map((p) => p.id), measure: command, metrics }), `${where}, mark`);
}

/** Where it says how to measure a pin; null, with the reason, where nothing does yet. */
export interface Evaluation {
  readonly evaluation: 'sigil.yaml' | 'mark' | null;
  readonly missing: { readonly message: string; readonly remedy: string } | null;
}

/** @param all the pins found, of which those of the same spec share what their marks say */
export function evaluationOf({ pin, spec, listed }: FoundPin, specs: ReadonlyMap<string, Spec>, all: readonly FoundPin[]): Evaluation {
  if (listed) return { evaluation: 'sigil.yaml', missing: null };
  if (specs.has(spec)) return { evaluation: null, missing: { message: `the spec "${spec}" of sigil.yaml does not list ${pin.id}`, remedy: `Add "${pin.id}" to its pins.` } };
  try {
    specOfMark(spec, all.filter((p) => p.spec === spec).map((p) => p.pin));
    return { evaluation: 'mark', missing: null };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return { evaluation: null, missing: { message: e.message, remedy: e.remedy } };
  }
}

export interface SourceFlags {
  readonly source: string;
  readonly evalCommand: string;
  readonly metric: string;
  readonly maximize: boolean;
  readonly pins: readonly string[];
  readonly outputs: readonly string[];
  readonly env: readonly string[];
  readonly network: boolean;
  readonly timeoutSeconds: number | null;
}

/** The spec of `run --source F --eval-command C --metric M --maximize true|false`, named after the file's stem. */
export function specOfFlags(flags: SourceFlags): Spec {
  const stem = flags.source.replace(/^.*\//, '').replace(/\.[^.]*$/, '').replace(/[^\w.-]+/g, '-') || 'source';
  const name = stem === 'runs' || stem === 'solutions' ? `${stem}-file` : stem;
  const entry = {
    pins: flags.pins, measure: flags.evalCommand, outputs: flags.outputs, env: flags.env, network: flags.network,
    metrics: [{ name: flags.metric, direction: flags.maximize ? 'maximize' : 'minimize' }],
    ...(flags.timeoutSeconds === null ? {} : { timeouts: { measure: flags.timeoutSeconds } }),
  };
  return resolveSpec(name, entryOf(entry), 'the command line');
}
