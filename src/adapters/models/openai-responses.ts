// OpenAI's Responses, streamed: what OpenAI itself is asked by, since some of its models speak nothing else.

import type OpenAI from 'openai';
import { CallFailed, estimatedUsage, type ModelClient, type Usage } from './client.ts';
import { failureOf, withoutKey } from './failures.ts';
import { openaiSdk } from './openai-chat.ts';
import type { Endpoint } from './providers.ts';
import { StreamingClient, type Listener } from './streaming.ts';

export function responsesClient(endpoint: Endpoint, idleMs: number, listener: Listener): ModelClient {
  const sdk = openaiSdk(endpoint, idleMs);
  return new StreamingClient<OpenAI.Responses.ResponseStreamEvent>({
    optional: ['temperature', 'reasoning'],
    list: (signal, timeout) => sdk.models.list({ signal, timeout }),
    open: (request, without, signal, fetch) => sdk.withOptions({ fetch }).responses.create({
      model: endpoint.name,
      instructions: request.system,
      input: request.messages.map((m) => ({ role: m.role, content: m.text })),
      max_output_tokens: request.maxTokens,
      ...(request.temperature === undefined || without.has('temperature') ? {} : { temperature: request.temperature }),
      ...(request.effort === undefined || without.has('reasoning') ? {} : { reasoning: { effort: request.effort } }),
      // The record of a run is on the user's disk; the provider need not keep another.
      store: false,
      stream: true,
    }, { signal }).withResponse(),
    hear(event, said, request) {
      if (event.type === 'response.output_text.delta') said.text += event.delta;
      else if (event.type === 'response.refusal.delta') said.refusal += event.delta;
      else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
        said.end = (event.response.status === 'incomplete' ? event.response.incomplete_details?.reason : undefined) ?? 'completed';
        said.usage = usageOf(event.response.usage);
      } else if (event.type === 'response.failed') throw failed(event.response, endpoint, usageOf(event.response.usage) ?? estimatedUsage(request, said.text));
      else if (event.type === 'error') throw failureOf({ error: event, code: event.code, message: event.message }, endpoint, estimatedUsage(request, said.text), Date.now());
    },
    answer({ text, refusal, end, usage }, request) {
      const declined = end === 'content_filter' || (text === '' && refusal !== '');
      return { text: declined ? refusal || text : text, usage: usage ?? estimatedUsage(request, text), stop: declined ? 'refusal' : end === 'max_output_tokens' ? 'length' : 'end' };
    },
  }, endpoint, idleMs, listener);
}

/** A response that failed after it had begun: most of the reasons pass, a prompt that is refused does not. */
function failed(response: OpenAI.Responses.Response, endpoint: Endpoint, used: Usage): CallFailed {
  const error = response.error;
  const passes = error === null || ['server_error', 'rate_limit_exceeded', 'vector_store_timeout'].includes(error.code);
  return new CallFailed(passes ? 'later' : 'fatal', `${endpoint.model}: ${withoutKey(error?.message ?? 'the response failed', endpoint.key)}`, { used, limited: error?.code === 'rate_limit_exceeded', remedy: passes ? 'Go on with "sigil resume" later.' : 'Another model may take this prompt.' });
}

function usageOf(u: OpenAI.Responses.ResponseUsage | undefined): Usage | null {
  if (u === undefined) return null;
  // Older servers leave the details out.
  const details = u.input_tokens_details as Partial<typeof u.input_tokens_details> | undefined;
  const [cacheRead, cacheWrite] = [details?.cached_tokens ?? 0, details?.cache_write_tokens ?? 0];
  return { input: Math.max(0, u.input_tokens - cacheRead - cacheWrite), cacheRead, cacheWrite, output: u.output_tokens };
}
