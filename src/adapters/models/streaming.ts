// What the clients of all providers share: the list of models as a check, a stream that may fall silent or break off, and parameters that a server does not take.

import { assertNotHalted, CallFailed, estimatedUsage, isCallFailed, type Answer, type CallMore, type HeaderReader, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { failureOf } from './failures.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { Idle } from './idle.ts';
import type { Endpoint } from './providers.ts';

/** What a client tells beside its answers. */
export interface Listener {
  /** A parameter that the user wanted is not taken, and left out from now on. */
  readonly refused?: (parameter: 'temperature' | 'effort') => void;
}

/** What an answer has come to so far. */
export interface Said {
  text: string;
  refusal: string;
  /** Why it ended, in the words of the provider; null while it has not. */
  end: string | null;
  usage: Usage | null;
}

interface Opened<E> {
  readonly data: AsyncIterable<E>;
  readonly response: { readonly headers: HeaderReader };
}

/** One provider's language. */
export interface Wire<E> {
  list(signal: AbortSignal, timeout: number): PromiseLike<unknown>;
  /** @param without parameters of `optional` that the server does not take */
  open(request: ModelRequest, without: ReadonlySet<string>, signal: AbortSignal, fetch: typeof globalThis.fetch): Promise<Opened<E>>;
  /** The parameters that can be left out or said in another way, as they stand in an error. */
  readonly optional: readonly string[];
  /** Takes an event in. Throws where it is an error. */
  hear(event: E, said: Said, request: ModelRequest): void;
  /** What a whole answer is. */
  answer(said: Said, request: ModelRequest): Answer;
}

const LATER = 'Go on with "sigil resume" later.';
/** Milliseconds in which usage follows an answer whose end was told; a server may keep the connection open after that. */
const AFTERWARDS = 5000;

export class StreamingClient<E> implements ModelClient {
  private readonly wire: Wire<E>;
  private readonly endpoint: Endpoint;
  private readonly idleMs: number;
  private readonly listener: Listener;
  /** Parameters that this server has refused: left out or renamed from then on. */
  private readonly without = new Set<string>();

  constructor(wire: Wire<E>, endpoint: Endpoint, idleMs: number, listener: Listener) {
    this.wire = wire;
    this.endpoint = endpoint;
    this.idleMs = idleMs;
    this.listener = listener;
  }

  async check(signal: AbortSignal): Promise<void> {
    try {
      await this.wire.list(signal, 15_000);
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      const { status } = e as { status?: number };
      // A server without a list of models may still answer.
      if (status === undefined || status === 401 || status === 403) throw failureOf(e, this.endpoint, null, Date.now());
    }
  }

  async complete(request: ModelRequest, signal: AbortSignal, { heard, halt }: CallMore = {}): Promise<Answer> {
    for (;;) {
      assertNotHalted(halt);
      try {
        return await this.once(request, signal, heard);
      } catch (e) {
        const parameter = this.refusedBy(e, request);
        if (parameter === null) throw isCallFailed(e) || signal.aborted ? e : failureOf(e, this.endpoint, null, Date.now());
        this.without.add(parameter);
        if (parameter === 'temperature') this.listener.refused?.('temperature');
        if (EFFORT.includes(parameter) && EFFORT.every((p) => this.without.has(p) || !this.wire.optional.includes(p) || p === 'adaptive')) this.listener.refused?.('effort');
      }
    }
  }

  private async once(request: ModelRequest, signal: AbortSignal, heard?: (headers: HeaderReader) => void): Promise<Answer> {
    const idle = new Idle(signal, this.idleMs);
    const said: Said = { text: '', refusal: '', end: null, usage: null };
    let begun = false;
    const used = (): Usage | null => (begun ? usedSoFar(request, said) : null);
    try {
      const { data, response } = await this.wire.open(request, this.without, idle.signal, guardedFetch(this.endpoint, () => { idle.heard(); }));
      heard?.(response.headers);
      for await (const event of data) {
        begun = true;
        this.wire.hear(event, said, request);
        if (said.end !== null) idle.hurry(AFTERWARDS);
      }
      if (said.end === null) throw new CallFailed('later', `${this.endpoint.model}: the answer broke off`, { remedy: LATER, used: used() });
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      const { headers, error } = e as { headers?: HeaderReader; error?: unknown };
      // Torn after its end was told, it is whole, and paid.
      if (said.end !== null && error === undefined && !isCallFailed(e)) return this.wire.answer(said, request);
      if (headers !== undefined) heard?.(headers);
      if (this.refusedBy(e, request) !== null) throw e;
      if (idle.timedOut !== null) throw new CallFailed('later', `${this.endpoint.model}: ${idle.timedOut === 'silence' ? `nothing came for ${Math.round(this.idleMs / 1000)} s` : `the answer had not ended after ${Math.round(Idle.most(this.idleMs) / 1000)} s`}`, { used: used(), remedy: LATER });
      throw failureOf(e, this.endpoint, used(), Date.now());
    } finally {
      idle.end();
    }
    return this.wire.answer(said, request);
  }

  /** The parameter of ours that a server does not take, from its 400. What only the user wishes is left out whatever it has against it. */
  private refusedBy(e: unknown, request: ModelRequest): string | null {
    const { status, message, param } = e as { status?: unknown; message?: unknown; param?: unknown };
    if (status !== 400 && status !== 422) return null;
    const said = `${typeof param === 'string' ? param : ''} ${typeof message === 'string' ? message : ''}`;
    const refusal = /unsupported|not supported|unrecognized|unknown|unexpected|not permitted|extra inputs|invalid parameter/i.test(said);
    const asked = (p: string): boolean => (p === 'temperature' ? request.temperature !== undefined : EFFORT.includes(p) ? request.effort !== undefined : refusal);
    return this.wire.optional.find((p) => !this.without.has(p) && asked(p) && new RegExp(`\\b${p}\\b`, 'i').test(said)) ?? null;
  }
}

/** By what the providers are told the effort. */
const EFFORT: readonly string[] = ['reasoning', 'reasoning_effort', 'output_config', 'adaptive', 'thinking'];

/** Of an answer that broke off the input may be known, and the output only by its text. */
function usedSoFar(request: ModelRequest, said: Said): Usage {
  const guess = estimatedUsage(request, said.text);
  return said.usage === null ? guess : { ...said.usage, output: Math.max(said.usage.output, guess.output), estimated: true };
}
