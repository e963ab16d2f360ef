// Anthropic's Messages, streamed, with the run's common prefix in the provider's cache.

import Anthropic from '@anthropic-ai/sdk';
import { CallFailed, estimatedUsage, NO_USAGE, type Answer, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { failureOf } from './failures.ts';
import { Idle } from './idle.ts';
import type { Endpoint } from './providers.ts';

export class AnthropicClient implements ModelClient {
  private readonly sdk: Anthropic;
  private readonly endpoint: Endpoint;
  private readonly idleMs: number;

  constructor(endpoint: Endpoint, idleMs: number) {
    this.endpoint = endpoint;
    this.idleMs = idleMs;
    // All that the SDK would take from the environment or from files by itself is given; what it would retry and log is ours.
    this.sdk = new Anthropic({ apiKey: endpoint.key ?? 'none', authToken: null, baseURL: endpoint.baseUrl, webhookKey: null, maxRetries: 0, timeout: idleMs, logLevel: 'off' });
  }

  async check(signal: AbortSignal): Promise<void> {
    try {
      await this.sdk.models.list({ limit: 1 }, { signal, timeout: 15_000 });
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      const { status } = e as { status?: number };
      // A server without a list of models may still answer.
      if (status === undefined || status === 401 || status === 403) throw failureOf(e, this.endpoint, null, Date.now());
    }
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<Answer> {
    const idle = new Idle(signal, this.idleMs);
    let text = '';
    let usage = NO_USAGE;
    let stop: string | null = null;
    let begun = false;
    try {
      const stream = await this.sdk.messages.create({
        model: this.endpoint.name,
        max_tokens: request.maxTokens,
        stream: true,
        system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
        messages: request.messages.map((m) => ({ role: m.role, content: m.text })),
      }, { signal: idle.signal });
      for await (const event of stream) {
        idle.heard();
        begun = true;
        if (event.type === 'message_start') usage = withUsage(usage, event.message.usage);
        else if (event.type === 'content_block_start' && event.content_block.type === 'text') text += event.content_block.text;
        else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
        else if (event.type === 'message_delta') {
          stop = event.delta.stop_reason ?? stop;
          usage = withUsage(usage, event.usage);
        }
      }
      if (stop === null) throw new CallFailed('later', `${this.endpoint.model}: the answer broke off`, { remedy: 'Go on with "sigil resume" later.', used: begun ? lostUsage(request, text, usage) : null });
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      const used = begun ? lostUsage(request, text, usage) : null;
      if (idle.timedOut) throw new CallFailed('later', `${this.endpoint.model}: nothing came for ${Math.round(this.idleMs / 1000)} s`, { used, remedy: 'Go on with "sigil resume" later.' });
      throw failureOf(e, this.endpoint, used, Date.now());
    } finally {
      idle.end();
    }
    if (stop === 'model_context_window_exceeded') throw new CallFailed('too-long', `${this.endpoint.model}: the prompt and the answer do not fit into the model's context`, { used: usage, remedy: 'Choose a model with a larger context.' });
    return { text, usage, stop: stop === 'refusal' ? 'refusal' : stop === 'max_tokens' ? 'length' : 'end' };
  }
}

interface WireUsage {
  readonly input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens?: number | null;
}

/** The numbers of an event are totals so far: each replaces the one before. */
function withUsage(before: Usage, u: WireUsage): Usage {
  return {
    input: u.input_tokens ?? before.input, cacheRead: u.cache_read_input_tokens ?? before.cacheRead, cacheWrite: u.cache_creation_input_tokens ?? before.cacheWrite,
    output: u.output_tokens ?? before.output,
  };
}

/** Of an answer that broke off the input is known, and the output only by its text. */
function lostUsage(request: ModelRequest, text: string, known: Usage): Usage {
  const guess = estimatedUsage(request, text);
  return known === NO_USAGE ? guess : { ...known, output: Math.max(known.output, guess.output), estimated: true };
}
