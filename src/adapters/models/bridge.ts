// VS Code's language models as a client: asked through the window that has the run's folder open, waited for when it reloads.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseBridge, TOO_LONG, type BridgeFile } from '../../protocol/bridge.ts';
import { beforeCall, CallFailed, estimatedUsage, type Answer, type CallMore, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { Idle } from './idle.ts';
import type { Endpoint } from './providers.ts';

export interface BridgeOptions {
  /** The run's bridge file, once the run has a folder. */
  readonly file: () => string | null;
  /** Told when VS Code is waited for, and when it is back. */
  readonly say: (text: string) => void;
  /** How long a run waits for a window to offer its models for the first time, from its beginning; ms. */
  readonly firstMs: number;
  /** And for one that was there to come back, or for an answer of the user's. */
  readonly againMs: number;
  readonly lookMs: number;
  /** Silence of a model after which its call is given up; ms. */
  readonly idleMs: number;
}

export const BRIDGE: Omit<BridgeOptions, 'file' | 'say'> = { firstMs: 20_000, againMs: 600_000, lookMs: 250, idleMs: 300_000 };

type Open = Extract<BridgeFile, { readonly port: number }>;

/** The window is gone, or has another token by now. */
class Away extends Error {}

/** What a stream of Chat Completions may hold in one event. */
interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null }; readonly finish_reason?: string | null }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly error?: { readonly message?: string; readonly code?: string };
}

const RESUME = 'Open the project\'s folder in VS Code, and go on with "sigil resume".';

export class BridgeClient implements ModelClient {
  private readonly endpoint: Endpoint;
  private readonly options: BridgeOptions;
  private readonly began = Date.now();
  /** Whether a window was there. */
  private met = false;
  /** One wait for all calls in flight. */
  private waiting: Promise<Open> | null = null;

  constructor(endpoint: Endpoint, options: BridgeOptions) {
    this.endpoint = endpoint;
    this.options = options;
  }

  /** The window learns of the run by its journal, which is not yet there. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  /** A window has seen the run, or asks its user first: the baseline is measured meanwhile. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.wait(signal, (file) => ('refused' in file ? null : file));
    this.met = true;
  }

  async complete(request: ModelRequest, signal: AbortSignal, { halt }: CallMore = {}): Promise<Answer> {
    for (let gone: Open | null = null; ;) {
      const before: Open | null = gone;
      const open: Open = await beforeCall(signal, halt, (either) => this.find(before, either));
      try {
        return await this.ask(open, request, signal);
      } catch (e) {
        if (!(e instanceof Away)) throw e;
        gone = open; // what it had begun to answer cost nothing
      }
    }
  }

  /** The window that offers its models: at once, or when one does. `gone` has not answered just now. */
  private find(gone: Open | null, signal: AbortSignal): Promise<Open> {
    const now = this.read();
    if (now !== null && 'port' in now && now.token !== gone?.token) return Promise.resolve(now);
    // A window that only stumbled still has the same token, and answers again.
    this.waiting ??= this.wait(signal, async (file) => ('port' in file && (file.token !== gone?.token || (await this.answers(file, signal))) ? file : null)).finally(() => { this.waiting = null; });
    return this.waiting;
  }

  /** @param enough what is waited for, in the window's file */
  private async wait<T extends BridgeFile>(signal: AbortSignal, enough: (file: BridgeFile) => Promise<T | null> | T | null): Promise<T> {
    const { say, firstMs, againMs, lookMs } = this.options;
    const who = this.endpoint.model;
    const first = !this.met;
    const start = Date.now();
    let told = '';
    const tell = (text: string): void => {
      if (text !== told) say(text);
      told = text;
    };
    for (;;) {
      const now = this.read();
      if (now !== null && 'refused' in now) throw new CallFailed('fatal', `${who}: ${now.refused}`, { remedy: 'Allow it in VS Code ("Sigil: Set up a Model…") and go on with "sigil resume", or choose another model.' });
      const found = now === null ? null : await enough(now);
      if (found !== null) {
        if (told !== '') say('VS Code is there: the run goes on.');
        return found;
      }
      const asking = now !== null && 'asking' in now;
      const limit = first && !asking ? Math.max(firstMs - (start - this.began), Math.min(firstMs, 2000)) : againMs;
      if (Date.now() - start > limit) {
        throw new CallFailed('fatal', first ? `${who}: no VS Code offers its language models to this run` : `${who}: VS Code has not come back in ${Math.round(againMs / 60_000)} min`, { remedy: first ? `Models of VS Code are asked through it: ${RESUME.replace('Open', 'open')} Or choose another model.` : RESUME });
      }
      tell(asking ? 'Waiting: VS Code asks you whether this run may use its language model.' : first ? `Waiting for VS Code to offer ${who} …` : 'VS Code has gone (a reload of its window?): the run waits for it.');
      await sleep(lookMs, undefined, { signal });
    }
  }

  private read(): BridgeFile | null {
    const file = this.options.file();
    if (file === null) return null;
    try {
      return parseBridge(readFileSync(file, 'utf8'));
    } catch {
      return null; // not yet, or no more
    }
  }

  private async answers(open: Open, signal: AbortSignal): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${open.port}/v1/models`, { headers: { authorization: `Bearer ${open.token}` }, redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) })).ok;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  private async ask(open: Open, request: ModelRequest, signal: AbortSignal): Promise<Answer> {
    let text = '';
    let usage: Usage | null = null;
    let finished = false;
    const idle = new Idle(signal, this.options.idleMs);
    try {
      const response = await fetch(`http://127.0.0.1:${open.port}/v1/chat/completions`, {
        method: 'POST', redirect: 'error', signal: idle.signal, headers: { authorization: `Bearer ${open.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: this.endpoint.name, stream: true, stream_options: { include_usage: true },
          messages: [{ role: 'system', content: request.system }, ...request.messages.map((m) => ({ role: m.role, content: m.text }))],
        }),
      });
      if (response.status === 401) throw new Away();
      this.met = true;
      if (!response.ok || response.body === null) throw this.failure(await response.text());
      for await (const chunk of events(response.body)) {
        idle.heard();
        if (chunk.error !== undefined) throw this.failure(JSON.stringify(chunk));
        const [choice] = chunk.choices ?? [];
        text += choice?.delta?.content ?? '';
        finished ||= typeof choice?.finish_reason === 'string';
        if (chunk.usage) usage = { input: chunk.usage.prompt_tokens, cacheRead: 0, cacheWrite: 0, output: chunk.usage.completion_tokens };
      }
    } catch (e) {
      signal.throwIfAborted();
      if (e instanceof CallFailed || e instanceof Away) throw e;
      if (idle.timedOut) throw new CallFailed('later', `${this.endpoint.model}: nothing came for ${Math.round(this.options.idleMs / 1000)} s`, { remedy: 'Go on with "sigil resume" later.' });
      throw new Away();
    } finally {
      idle.end();
    }
    if (!finished) throw new Away();
    return { text, usage: usage ?? estimatedUsage(request, text), stop: 'end' };
  }

  /** What VS Code says of a call that failed. */
  private failure(body: string): CallFailed {
    const { message, code } = errorOf(body);
    const who = this.endpoint.model;
    switch (code) {
      case TOO_LONG: return new CallFailed('too-long', `${who}: ${message}`, { remedy: 'Choose a model with a larger context.' });
      case 'NoPermissions': return new CallFailed('fatal', `${who}: VS Code does not let Sigil use it (${message})`, { remedy: 'Allow it in VS Code ("Sigil: Set up a Model…"), and go on with "sigil resume".' });
      case 'Blocked': return new CallFailed('fatal', `${who}: VS Code blocks it (${message})`, { remedy: 'Its quota may be used up: go on with "sigil resume" later, or choose another model.' });
      // After a reload the extension that has the model may not have started yet.
      case 'NotFound': return new CallFailed('later', `${who}: VS Code has no such model now`, { remedy: 'See in VS Code which there are: "Sigil: Set up a Model…".' });
      default: return new CallFailed('later', `${who}: ${message}`, { remedy: 'Go on with "sigil resume" later.' });
    }
  }
}

function errorOf(body: string): { readonly message: string; readonly code: string } {
  try {
    const { error } = JSON.parse(body) as Chunk;
    return { message: error?.message ?? 'the call failed', code: error?.code ?? '' };
  } catch {
    return { message: 'the call failed', code: '' };
  }
}

/** The events of a stream, up to `[DONE]`. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ') && line !== 'data: [DONE]') yield JSON.parse(line.slice(6)) as Chunk;
  }
}
