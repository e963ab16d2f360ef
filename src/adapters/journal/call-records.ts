// Reads the records of a run's calls, of models and of agents, as far as they can be read: what they hold is shown, and nothing else follows from it.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ShownCall } from '../../core/call-text.ts';
import { callPrefix } from './layout.ts';

type Raw = Readonly<Record<string, unknown>>;

const object = (x: unknown): Raw => (typeof x === 'object' && x !== null ? (x as Raw) : {});
const text = (x: unknown): string => (typeof x === 'string' ? x : '');
const number = (x: unknown): number => (typeof x === 'number' && Number.isFinite(x) ? x : 0);
const list = (x: unknown): readonly unknown[] => (Array.isArray(x) ? x : []);

const ENDS: Readonly<Record<string, string>> = { length: 'cut at its limit of tokens', refusal: 'refused' };

/** Null for what is no record. */
function shown(raw: Raw): ShownCall | null {
  const model = text(raw['model']);
  if (model === '') return null;
  const head = { model, began: text(raw['began']), seconds: number(raw['seconds']), usd: number(raw['usd']) };
  if (typeof raw['prompt'] === 'string') {
    const tokens = object(raw['tokens']);
    const outcome = object(raw['outcome']);
    const parts = [['What it changed', text(outcome['patch'])], ['Printed', text(raw['stdout'])], ['Printed as errors', text(raw['stderr'])]] as const;
    return {
      ...head, prompt: [{ from: 'to the agent', text: raw['prompt'] }], end: [text(raw['end']), text(outcome['reason'])].filter((t) => t !== '').join(', '),
      answer: parts.filter(([, t]) => t !== '').map(([name, t]) => ({ name, text: t })), input: number(tokens['input']), cached: number(tokens['cached']), output: number(tokens['output']),
    };
  }
  const prompt = object(raw['prompt']);
  const answer = object(raw['answer']);
  const usage = object(answer['usage']);
  const cached = number(usage['cacheRead']);
  return {
    ...head, end: ENDS[text(answer['stop'])] ?? '', answer: [{ name: 'Answer', text: text(answer['text']) }],
    prompt: [...(text(prompt['system']) === '' ? [] : [{ from: 'system', text: text(prompt['system']) }]), ...list(prompt['messages']).map(object).map((m) => ({ from: text(m['role']), text: text(m['text']) }))],
    input: number(usage['input']) + cached + number(usage['cacheWrite']), cached, output: number(usage['output']),
  };
}

/** The calls of an ask in the order in which they were begun; none where they were not recorded, or are gone. */
export function recordedCalls(dir: string, ask: number): readonly ShownCall[] {
  const prefix = callPrefix(ask);
  let names: readonly string[];
  try {
    names = readdirSync(dir).filter((n) => n.startsWith(prefix) && n.endsWith('.json'));
  } catch {
    return [];
  }
  const calls = names.map((name) => {
    try {
      return { name, call: shown(object(JSON.parse(readFileSync(join(dir, name), 'utf8')))) };
    } catch {
      return { name, call: null }; // it is written just now, or somebody has edited it
    }
  });
  return calls.sort((a, b) => (a.call?.began ?? '').localeCompare(b.call?.began ?? '') || a.name.localeCompare(b.name, 'en', { numeric: true })).map((c) => c.call).filter((c) => c !== null);
}
