// The agent that `--model agent/NAME` means: a preset, or what sigil.yaml says of that name, or the one changed by the other.

import { UserError } from '../../core/errors.ts';
import type { AgentEntry } from '../../protocol/spec-file.ts';
import { milliseconds } from '../spec/resolve.ts';
import { closest } from '../text.ts';
import type { Agent, OutputForm } from './agent.ts';
import { PRESETS, type Preset } from './presets.ts';

const PREFIX = 'agent/';

/** What a project may say of an agent that is known without it, and that may be somebody's default for all projects. */
const SAFE: ReadonlySet<string> = new Set(['model', 'timeout', 'estimate_usd', 'leaves']);

/** Whether an agent is known without a word in sigil.yaml. */
export const isPreset = (model: string): boolean => Object.hasOwn(PRESETS, model.slice(PREFIX.length).split('/')[0] ?? '');

export const isAgent = (model: string): boolean => model === 'agent' || model.startsWith(PREFIX);

/** What an agent that only sigil.yaml knows is like where it does not say. */
const PLAIN: Omit<Preset, 'command'> = {
  modelArgs: [], budgetArgs: [], output: { form: 'paths', cost: null, summary: null }, env: [], set: {}, home: { write: [], read: [] }, leaves: [], timeoutMs: 600_000, estimateUsd: 0.5, install: null, login: null,
};

/**
 * @param model `agent/NAME` or `agent/NAME/MODEL`
 * @param entries the agents of sigil.yaml
 * @throws UserError for an unknown name, and for an entry that has no command
 */
export function agentNamed(model: string, entries: Readonly<Record<string, AgentEntry>>): Agent {
  const [name = '', ...rest] = model.slice(PREFIX.length).split('/');
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  const known = [...new Set([...Object.keys(PRESETS), ...Object.keys(entries)])];
  if (name === '') throw new UserError(`--model ${model}: the name of the agent is missing`, `Known: ${known.map((n) => PREFIX + n).join(', ')}; others are described under "agents:" in sigil.yaml.`, 2);
  if (entry !== undefined && Object.hasOwn(PRESETS, name)) {
    const other = Object.keys(entry).find((key) => entry[key as keyof AgentEntry] !== undefined && !SAFE.has(key));
    if (other !== undefined) throw new UserError(`sigil.yaml, agent "${name}": a project may not change the "${other}" of ${PREFIX}${name}, which has your login`, `Describe it under a name of its own (with preset: ${name}), and name that one with --model.`, 2);
  }
  const presetName = entry?.preset ?? (entry?.command === undefined ? name : undefined);
  const preset = presetName !== undefined && Object.hasOwn(PRESETS, presetName) ? PRESETS[presetName] : undefined;
  if (entry === undefined && preset === undefined) throw new UserError(`--model ${model}: there is no agent "${name}"`, `${closest(name, known, 'agent')} Others are described under "agents:" in sigil.yaml, by their command.`, 2);
  const command = entry?.command ?? preset?.command;
  if (command === undefined) throw new UserError(`sigil.yaml, agent "${name}": it has no command`, 'Add "command:", or "preset: claude" or "preset: codex".', 2);
  const base: Preset = { ...PLAIN, ...preset, command };
  const uses = rest.length > 0 ? rest.join('/') : (entry?.model ?? null);
  const modelArgs = entry?.model_args ?? base.modelArgs;
  if (uses !== null && modelArgs.length === 0 && !JSON.stringify(command).includes('{model}'))
    throw new UserError(`--model ${model}: agent "${name}" does not say how a model is named to it`, 'Add model_args: ["--model", "{model}"] to it in sigil.yaml, or leave the model out.', 2);
  return {
    ...base, model, name, uses, modelArgs, budgetArgs: entry?.budget_args ?? base.budgetArgs, output: outputOf(base.output, entry),
    env: [...new Set([...base.env, ...(entry?.env ?? [])])],
    home: { write: [...new Set([...base.home.write, ...(entry?.home?.write ?? [])])], read: [...new Set([...base.home.read, ...(entry?.home?.read ?? [])])] },
    leaves: [...base.leaves, ...(entry?.leaves ?? [])],
    timeoutMs: entry?.timeout === undefined ? base.timeoutMs : milliseconds(entry.timeout), estimateUsd: entry?.estimate_usd ?? base.estimateUsd,
    // Who changes a preset's keys or files may log it in by another way.
    login: base.login === null ? null : { ...base.login, keys: [...base.login.keys, ...(entry?.env ?? [])] },
  };
}

function outputOf(form: OutputForm, entry: AgentEntry | undefined): OutputForm {
  if (form.form !== 'paths' && entry?.cost === undefined && entry?.summary === undefined) return form;
  const before = form.form === 'paths' ? form : { cost: null, summary: null };
  return { form: 'paths', cost: entry?.cost ?? before.cost, summary: entry?.summary ?? before.summary };
}
