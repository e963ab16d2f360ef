// OpenAI's Responses, streamed: what OpenAI itself is asked by, since some of its models speak nothing else.

import type OpenAI from 'openai';
import { CallFailed, estimatedUsage, isCallFailed, type Answer, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { failureOf } from './failures.ts';
import { Idle } from './idle.ts';
import { ChatClient, openaiSdk } from './openai-chat.ts';
import type { Endpoint } from './providers.ts';

export class ResponsesClient implements ModelClient {
  private readonly sdk: OpenAI;
  private readonly endpoint: Endpoint;
  private readonly idleMs: number;

  constructor(endpoint: Endpoint, idleMs: number) {
    this.endpoint = endpoint;
    this.idleMs = idleMs;
    this.sdk = openaiSdk(endpoint, idleMs);
  }

  check(signal: AbortSignal): Promise<void> {
    return new ChatClient(this.endpoint, this.idleMs).check(signal);
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<Answer> {
    const idle = new Idle(signal, this.idleMs);
    let text = '';
    let refusal = '';
    let end: OpenAI.Responses.Response | null = null;
    let begun = false;
    try {
      const stream = await this.sdk.responses.create({
        model: this.endpoint.name,
        instructions: request.system,
        input: request.messages.map((m) => ({ role: m.role, content: m.text })),
        max_output_tokens: request.maxTokens,
        // The record of a run is on the user's disk; the provider need not keep another.
        store: false,
        stream: true,
      }, { signal: idle.signal });
      for await (const event of stream) {
        idle.heard();
        begun = true;
        if (event.type === 'response.output_text.delta') text += event.delta;
        else if (event.type === 'response.refusal.delta') refusal += event.delta;
        else if (event.type === 'response.completed' || event.type === 'response.incomplete' || event.type === 'response.failed') end = event.response;
        else if (event.type === 'error') throw new CallFailed('later', `${this.endpoint.model}: ${event.message}`, { remedy: 'Go on with "sigil resume" later.', used: estimatedUsage(request, text) });
      }
      if (end === null) throw new CallFailed('later', `${this.endpoint.model}: the answer broke off`, { remedy: 'Go on with "sigil resume" later.', used: begun ? estimatedUsage(request, text) : null });
      if (end.status === 'failed') throw failed(end, this.endpoint, usageOf(end.usage) ?? estimatedUsage(request, text));
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      if (isCallFailed(e)) throw e;
      const used = begun ? estimatedUsage(request, text) : null;
      if (idle.timedOut) throw new CallFailed('later', `${this.endpoint.model}: nothing came for ${Math.round(this.idleMs / 1000)} s`, { used, remedy: 'Go on with "sigil resume" later.' });
      throw failureOf(e, this.endpoint, used, Date.now());
    } finally {
      idle.end();
    }
    const why = end.status === 'incomplete' ? end.incomplete_details?.reason : undefined;
    const declined = why === 'content_filter' || (text === '' && refusal !== '');
    return { text: declined ? refusal || text : text, usage: usageOf(end.usage) ?? estimatedUsage(request, text), stop: declined ? 'refusal' : why === 'max_output_tokens' ? 'length' : 'end' };
  }
}

/** A response that failed after it had begun: most of the reasons pass, a prompt that is refused does not. */
function failed(response: OpenAI.Responses.Response, endpoint: Endpoint, used: Usage): CallFailed {
  const error = response.error;
  const passes = error === null || ['server_error', 'rate_limit_exceeded', 'vector_store_timeout'].includes(error.code);
  return new CallFailed(passes ? 'later' : 'fatal', `${endpoint.model}: ${error?.message ?? 'the response failed'}`, { used, remedy: passes ? 'Go on with "sigil resume" later.' : 'Another model may take this prompt.' });
}

function usageOf(u: OpenAI.Responses.ResponseUsage | undefined): Usage | null {
  if (u === undefined) return null;
  // Older servers leave the details out.
  const details = u.input_tokens_details as Partial<typeof u.input_tokens_details> | undefined;
  const [cacheRead, cacheWrite] = [details?.cached_tokens ?? 0, details?.cache_write_tokens ?? 0];
  return { input: Math.max(0, u.input_tokens - cacheRead - cacheWrite), cacheRead, cacheWrite, output: u.output_tokens };
}
