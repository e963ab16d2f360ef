// The one port of all model providers: a prompt goes in, an answer with what it used comes out, or a failure with its kind.

import type { Effort } from '../../core/model-wish.ts';
import { NotBegun } from '../../engine/ports.ts';

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface ModelRequest {
  /** The same for all calls of a run, so that providers can cache it. */
  readonly system: string;
  readonly messages: readonly Message[];
  /** Of the answer, thinking included. */
  readonly maxTokens: number;
  /** Left out: the provider's own. A server that takes none of the two is asked without. */
  readonly temperature?: number;
  readonly effort?: Effort;
}

/** Tokens of one call; `input` without those that came from or went into the provider's cache. */
export interface Usage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  /** What the provider itself says that the call cost, in USD. */
  readonly usd?: number;
  /** The provider gave no numbers: these are from the texts' lengths. */
  readonly estimated?: true;
}

export const NO_USAGE: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

export interface Answer {
  readonly text: string;
  readonly usage: Usage;
  /** `length`: cut at `maxTokens`. `refusal`: the model or the provider's filter declined. */
  readonly stop: 'end' | 'length' | 'refusal';
  /** The usage of tries of this call that broke off after they had begun to answer: they are paid too. */
  readonly lost?: readonly Usage[];
}

/** The headers of a response. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** What a call may be given beside its request. */
export interface CallMore {
  /** Told the headers of what comes back, also of a refusal. */
  readonly heard?: (headers: HeaderReader) => void;
  /** Once it is aborted no request goes out any more; what has gone out is waited for. */
  readonly halt?: AbortSignal;
}

export interface ModelClient {
  /** Throws CallFailed, NotBegun, or the signal's reason. */
  complete(request: ModelRequest, signal: AbortSignal, more?: CallMore): Promise<Answer>;
  /** Asks for something free, to see that someone answers and takes the key. Throws CallFailed of kind `fatal` or `later`. */
  check(signal: AbortSignal): Promise<void>;
  /** The same of who answers only when the run can be seen: sees that someone will. Throws CallFailed. */
  ready?(signal: AbortSignal): Promise<void>;
}

/** Why a call failed, and so what is to be done. */
export type FailureKind =
  /** Overload, limits, network, a cut stream: the same call may work later. */
  | 'later'
  /** The prompt and the answer's limit do not fit into the model's context. */
  | 'too-long'
  /** It will fail again: a wrong key, an unknown model, no credit. */
  | 'fatal';

export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly kind: FailureKind;
  readonly remedy: string;
  /** What the server asked to wait, in ms. */
  readonly retryAfterMs: number | null;
  /** The provider says that it is asked too much: fewer calls at a time may be taken. */
  readonly limited: boolean;
  /** What an answer that broke off had used, by estimate; null when none had begun. */
  readonly used: Usage | null;
  /** The same of the tries before it. */
  readonly lost: readonly Usage[];

  constructor(kind: FailureKind, message: string, more: { readonly remedy?: string; readonly retryAfterMs?: number | null; readonly used?: Usage | null; readonly limited?: boolean; readonly lost?: readonly Usage[] } = {}) {
    super(message);
    this.kind = kind;
    this.remedy = more.remedy ?? '';
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.used = more.used ?? null;
    this.lost = more.lost ?? [];
    this.limited = more.limited === true;
  }
}

/** By its name: the clients are a bundle of their own, with a class of their own. */
export function isCallFailed(e: unknown): e is CallFailed {
  return e instanceof Error && e.name === 'CallFailed';
}

/** Throws NotBegun where no request may go out any more. */
export function assertNotHalted(halt: AbortSignal | undefined): void {
  if (halt?.aborted === true) throw new NotBegun();
}

/** Waits for something that comes before a request; ends with the signal's reason, or as NotBegun. */
export function beforeCall<T>(signal: AbortSignal, halt: AbortSignal | undefined, wait: (either: AbortSignal) => Promise<T>): Promise<T> {
  return halt === undefined ? wait(signal) : unlessHalted(signal, halt, wait);
}

async function unlessHalted<T>(signal: AbortSignal, halt: AbortSignal, wait: (either: AbortSignal) => Promise<T>): Promise<T> {
  assertNotHalted(halt);
  try {
    return await wait(AbortSignal.any([signal, halt]));
  } catch (e) {
    signal.throwIfAborted();
    assertNotHalted(halt);
    throw e;
  }
}

/** Tokens of a text where nobody counts them: about three and a half characters each in code. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 3.5);
}

/** Tokens of a prompt, by estimate. */
export function tokensIn(request: ModelRequest): number {
  return tokensOf(request.system) + request.messages.reduce((sum, m) => sum + tokensOf(m.text), 0);
}

/** What an answer that broke off has probably used. */
export function estimatedUsage(request: ModelRequest, text: string): Usage {
  return { ...NO_USAGE, input: tokensIn(request), output: tokensOf(text), estimated: true };
}
