// Reads a runner's answer: whose it is (the nonce), whether it is whole, and what it says.

import * as z from 'zod';
import type { Answer, Encoded, Mode } from './protocol.ts';

const encoded = z.unknown().transform((v) => v as Encoded);
const index = z.number().int().nonnegative();
const ns = z.number().nonnegative();
const pass = z.object({ cpuNs: ns, wallNs: ns });
const ok = z.object({ index, ok: z.literal(true), value: encoded });
const raised = z.object({ index, ok: z.literal(false), type: z.string(), message: z.string() });
const more = { input: z.string(), mutated: encoded };

const names = z.array(z.string());
const span = z.tuple([z.number(), z.number()]);
const shape = z.object({ name: z.string(), types: names, of: names.optional(), size: span.optional(), range: span.optional() })
  .transform(({ name, types, of, size, range }) => ({ name, types, ...(of ? { of } : {}), ...(size ? { size } : {}), ...(range ? { range } : {}) }));

const answer = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('results'), inputs: index, generatedByCandidate: z.boolean(),
    results: z.array(z.discriminatedUnion('ok', [ok.extend(more), raised.extend(more)])),
  }),
  z.object({ mode: z.literal('time'), loops: index, cold: pass, passes: z.array(pass).min(3), verify: z.array(z.discriminatedUnion('ok', [ok, raised])) }),
  z.object({ mode: z.literal('calibrate'), inputs: index, loops: index, mutates: z.boolean(), pass, runtime: z.string(), arguments: z.array(shape) }),
  z.object({
    mode: z.literal('failed'), blame: z.enum(['eval', 'candidate', 'runner']), stage: z.enum(['inputs', 'load', 'find', 'copy', 'call']),
    message: z.string(), remedy: z.string(), detail: z.string(),
  }),
]);

/** Why a call gave no answer. `infra-error`: the eval's own set-up (inputs, generator); `crashed`: the candidate; `suspicious`: a forged answer. */
export interface CallFailure {
  readonly ok: false;
  readonly outcome: 'crashed' | 'suspicious' | 'infra-error';
  readonly stage: string;
  readonly reason: string;
  /** What the user can do where the set-up is at fault; may be empty. */
  readonly remedy: string;
  /** The tail of a traceback; may be empty. */
  readonly output: string;
}

export type AnswerOf<M extends Mode> = Extract<Answer, { readonly mode: M }>;
export type Parsed<M extends Mode> = { readonly ok: true; readonly answer: AnswerOf<M> } | CallFailure;

const STAGE: Readonly<Record<string, string>> = {
  load: 'while its file was being loaded', call: 'while the function was being called',
};

/**
 * Judges the text of the answer file after the process has ended. Never throws on what a candidate can cause.
 * A timeout or a kill is the caller's to report first: here it looks like a process that ended early.
 */
export function parseAnswer<M extends Mode>(text: string | null, nonce: string, mode: M): Parsed<M> {
  const fail = (outcome: CallFailure['outcome'], stage: string, reason: string, remedy = '', output = ''): CallFailure => ({ ok: false, outcome, stage, reason, remedy, output });
  if (text === null) return fail('suspicious', 'answer', 'The answer file is gone: code of the project removed it.');
  if (text === '') return fail('infra-error', 'start', 'The call runner did not start.', 'Its output says why; the interpreter may be missing inside the sandbox.');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    if (text.startsWith(`{"v":1,"nonce":"${nonce}"`)) return fail('crashed', 'answer', 'The process was killed while it answered.');
    return fail('suspicious', 'answer', 'The answer file holds something that the call runner does not write.');
  }
  const o = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  if (typeof o['stage'] === 'string' && Object.keys(o).length === 1)
    return fail('crashed', o['stage'], `The process ended ${STAGE[o['stage']] ?? 'early'}, before it could answer: it was ended from within, crashed or was killed.`);
  if (o['nonce'] !== nonce) return fail('suspicious', 'answer', 'The answer is forged: it does not carry the secret of this call.');
  const parsed = answer.safeParse(data);
  if (!parsed.success) return fail('suspicious', 'answer', `The answer is malformed: ${parsed.error.issues[0]?.message ?? ''} at ${parsed.error.issues[0]?.path.join('.') ?? ''}.`);
  const a = parsed.data;
  if (a.mode === 'failed') return fail(a.blame === 'eval' ? 'infra-error' : 'crashed', a.stage, a.blame === 'runner' ? `The call runner failed: ${a.message}.` : a.message, a.remedy, a.detail);
  if (a.mode !== mode) return fail('suspicious', 'answer', `The answer is to another question (${a.mode}).`);
  return { ok: true, answer: a as AnswerOf<M> };
}
