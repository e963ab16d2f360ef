// The schema of sigil.yaml, version 1. Everything has a default but pins and a way to measure.

import * as z from 'zod';
import { EFFORTS, temperatureOf } from '../core/model-wish.ts';
import { OPTIMIZERS } from '../core/optimizers/registry.ts';

const text = z.string().min(1);
/** A name that is not among them is refused in words when the run begins, with the list. */
const searchName = text.meta({ examples: OPTIMIZERS.map((o) => o.name), description: OPTIMIZERS.map((o) => `${o.name}: ${o.summary}`).join('\n\n') });
/** `90`, `90s`, `10m`, `500ms`, `1.5h`: milliseconds; a bare number is seconds. */
export const duration = z.union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|min|h)?$/, 'a duration such as 30s, 10m or 1h')])
  .meta({ description: 'A duration: a number of seconds, or text such as 500ms, 30s, 10m, 1h.' });

const command = z.union([
  text,
  z.strictObject({ name: text.optional(), command: text, timeout: duration.optional() }),
]).meta({ description: 'A shell command, or an object with command, name and timeout.' });

export const metricKind = z.enum(['time', 'rate', 'size', 'count', 'score']);

const source = z.union([
  z.literal('line'),
  z.strictObject({ json: z.string() }),
  z.strictObject({ file: text, path: z.string().optional() }),
  z.strictObject({ regex: text }),
  z.strictObject({ parse: text }),
  z.strictObject({ timer: z.enum(['wall', 'cpu']) }),
  z.strictObject({ call: z.enum(['cpu', 'wall']) }),
]).meta({ description: 'Where the value comes from: line (the last `name: value` of stdout), json, file, regex, parse, timer, call.' });

const metric = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][\w.]*$/, 'a name of letters, digits, _ and .'),
  kind: metricKind.optional(),
  direction: z.enum(['minimize', 'maximize']).optional(),
  unit: z.string().optional(),
  source: source.optional(),
  exclusive: z.boolean().optional(),
  min_effect: z.number().min(0).optional(),
});

const usd = z.number().min(0);

const call = z.strictObject({
  inputs: z.union([text, z.strictObject({ file: text }), z.strictObject({ generator: z.string().regex(/^.+:[A-Za-z_$][\w$]*$/, 'file:function') })]),
  held_out: z.number().min(0).max(0.9).default(0.25),
  compare: z.boolean().default(true),
  ordered: z.boolean().default(true),
  seed: z.number().int().default(1),
  tolerance: z.strictObject({ relative: z.number().min(0).default(1e-9), absolute: z.number().min(0).default(1e-12) }).optional(),
});

/** No agent: with a command of its own a project could have the user's login and key. Those are named on the command line only. */
const modelName = z.string().regex(/^(?:builtin|(?!agent\/)[a-z]+\/.+)$/, 'a provider and a name, such as openai/x (an agent is named on the command line)');

export const specSchema = z.strictObject({
  pins: z.array(text).min(1),
  scope: z.strictObject({
    editable: z.array(text).default([]), readonly: z.array(text).default([]), hidden: z.array(text).default([]),
  }).optional(),
  link: z.array(text).optional(),
  copy: z.array(text).optional(),
  outputs: z.array(text).optional(),
  setup: command.optional(),
  build: command.optional(),
  gates: z.array(command).default([]),
  measure: command.optional(),
  cascade: z.array(z.strictObject({ command: text, metric: text.optional(), slack: z.number().min(0).optional(), name: text.optional(), timeout: duration.optional() })).optional()
    .meta({ description: 'Cheap stages before the measurement, in order: each is a command that gives a metric (the first, unless "metric" says another) on little input, as "measure" does. A candidate that is worse there than the original by more than "slack" is not measured: a share for times, rates and sizes (0.2 by default), else in the unit of the metric (0 by default).' }),
  call: call.optional(),
  held_out: command.optional(),
  metrics: z.array(metric).min(1),
  objective: text.optional(),
  timeouts: z.strictObject({ setup: duration.optional(), build: duration.optional(), gate: duration.optional(), measure: duration.optional() }).optional()
    .meta({ description: 'Limits of one step (setup and measure 10m, build 5m, a gate 2m). A candidate is given up sooner: after 20 times what the step took on sound code, though not before 10 s, or 3 s of CPU time, where times or rates are measured, and 60 s elsewhere.' }),
  env: z.array(z.string().regex(/^[A-Za-z_]\w*$/)).default([]),
  network: z.boolean().default(false),
  memory_mb: z.number().int().positive().default(4096),
  alpha: z.number().gt(0).lt(0.5).default(0.05),
  budget: z.strictObject({ evaluations: z.number().int().positive().optional(), time: duration.optional(), usd: z.number().positive().optional() }).optional(),
  optimizer: z.union([searchName, z.looseObject({ name: searchName })]).optional(),
  models: z.array(z.union([modelName, z.strictObject({
    name: modelName, weight: z.number().gt(0).default(1),
    temperature: z.union([z.number().min(0).max(2), z.string().refine((t) => temperatureOf(t) !== null, 'a temperature such as 0.7, or a range such as 0.2..1.0')]).optional(), effort: z.enum(EFFORTS).optional(),
  })])).min(1).optional()
    .meta({ description: 'Who proposes, unless --model says: provider/name, or provider/name=WEIGHT, or an object with name, weight, temperature (0.7, or 0.2..1.0, of which each ask draws its own) and effort (low, medium or high). Addresses and keys stand in the environment only.' }),
  prices: z.record(z.string(), z.strictObject({ input: usd, output: usd, cache_read: usd.optional(), cache_write: usd.optional() })).optional()
    .meta({ description: 'Your prices of models, by provider/name, in USD per million tokens. They win over the built-in list.' }),
  instructions: z.string().optional(),
});

/** A path under the user's home: never the home itself, nor anything outside of it. */
const underHome = z.string().regex(/^(?!\/)(?!\.{0,2}\/?$)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/, 'a path below the home folder, such as .my-agent/auth.json');

const agent = z.strictObject({
  preset: z.enum(['claude', 'codex']).optional().meta({ description: 'Claude Code or Codex CLI, changed by the other keys.' }),
  command: z.union([text, z.array(text).min(1)]).optional()
    .meta({ description: 'A shell command, or a list of arguments. {prompt} and {prompt_file} stand for the prompt, which otherwise comes on stdin; {model} for the model in --model agent/NAME/MODEL.' }),
  model: text.optional().meta({ description: 'The model that it uses, by its own name for it.' }),
  model_args: z.array(z.string()).optional().meta({ description: 'Added to the command where a model is named, e.g. ["--model", "{model}"].' }),
  budget_args: z.array(z.string()).optional().meta({ description: 'Added to the command where there is a budget: what this run of the agent may spend, e.g. ["--max-usd", "{usd}"].' }),
  cost: text.optional().meta({ description: 'Where its cost in USD stands in the last JSON that it prints, e.g. result.cost_usd.' }),
  summary: text.optional().meta({ description: 'Where its last words stand in that JSON. Left out: the end of what it prints.' }),
  env: z.array(z.string().regex(/^[A-Za-z_]\w*$/)).optional().meta({ description: 'Variables that it gets, by name: its key. Evaluations do not get them.' }),
  home: z.strictObject({ read: z.array(underHome).optional(), write: z.array(underHome).optional() }).optional()
    .meta({ description: 'What it sees of your home folder: its login (write), other files (read). All else is absent.' }),
  leaves: z.array(text).optional().meta({ description: 'Files that it leaves behind and that are no edits, as patterns: .aider*, notes/**.' }),
  timeout: duration.optional(),
  estimate_usd: z.number().positive().optional().meta({ description: 'What a run of it is taken to cost until one has told.' }),
}).meta({ description: 'A command-line agent that proposes, for --model agent/NAME.' });

export const specFileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  agents: z.record(z.string().regex(/^[A-Za-z0-9_][\w.-]*$/, 'a name of letters, digits, _ . and -'), agent).optional()
    .meta({ description: 'Command-line agents that can propose: "sigil run SPEC --model agent/NAME". Naming one there agrees to it: it gets the network, and its login or key.' }),
  specs: z.record(z.string().regex(/^(?!runs$|solutions$)[A-Za-z0-9_][\w.-]*$/, 'a spec name: letters, digits, _ . -, and not "runs" or "solutions"'), specSchema),
}).meta({ title: 'sigil.yaml', description: 'Specs: what may change, how it is judged, with what limits.' });

export type SpecEntry = z.infer<typeof specSchema>;
export type SpecFile = z.infer<typeof specFileSchema>;
export type AgentEntry = z.infer<typeof agent>;
