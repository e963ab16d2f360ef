// Chat Completions, streamed: OpenAI and every server that speaks its language.

import OpenAI from 'openai';
import { CallFailed, estimatedUsage, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Endpoint } from './providers.ts';
import { StreamingClient, type Listener } from './streaming.ts';

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** What only some servers put into their usage. */
interface MoreUsage {
  readonly cost?: unknown;
  readonly prompt_cache_hit_tokens?: unknown;
}

/** Some servers leave it out of the last chunk, and Mistral's reasoning models send parts instead of a text. */
interface Delta {
  readonly content?: string | null | readonly { readonly type?: string; readonly text?: string }[];
  readonly refusal?: string | null;
}

const textIn = (content: Delta['content']): string => (typeof content === 'string' ? content : Array.isArray(content) ? content.map((part: { readonly type?: string; readonly text?: string }) => (part.type === 'text' ? (part.text ?? '') : '')).join('') : '');

/** All that the SDK would take from the environment by itself is given; what it would retry and log is ours. */
export function openaiSdk(endpoint: Endpoint, idleMs: number): OpenAI {
  return new OpenAI({ apiKey: endpoint.key ?? 'none', baseURL: endpoint.baseUrl, organization: null, project: null, webhookSecret: null, adminAPIKey: null, maxRetries: 0, timeout: idleMs, logLevel: 'off', fetch: guardedFetch(endpoint) });
}

function bodyOf(endpoint: Endpoint, request: ModelRequest, without: ReadonlySet<string>): Body {
  return {
    model: endpoint.name,
    messages: [{ role: 'system', content: request.system }, ...request.messages.map((m) => ({ role: m.role, content: m.text }))],
    stream: true,
    ...(without.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- by OpenAI: most other servers know no other name
    ...(without.has('max_tokens') ? { max_completion_tokens: request.maxTokens } : { max_tokens: request.maxTokens }),
    ...(request.temperature === undefined || without.has('temperature') ? {} : { temperature: request.temperature }),
    ...(request.effort === undefined || without.has('reasoning_effort') ? {} : { reasoning_effort: request.effort }),
    ...(endpoint.tellsCost ? { usage: { include: true } } : {}),
  };
}

export function chatClient(endpoint: Endpoint, idleMs: number, listener: Listener): ModelClient {
  const sdk = openaiSdk(endpoint, idleMs);
  return new StreamingClient<OpenAI.Chat.Completions.ChatCompletionChunk>({
    optional: ['max_tokens', 'stream_options', 'temperature', 'reasoning_effort'],
    list: (signal, timeout) => sdk.models.list({ signal, timeout }),
    open: (request, without, signal, fetch) => sdk.withOptions({ fetch }).chat.completions.create(bodyOf(endpoint, request, without), { signal }).withResponse(),
    hear(chunk, said) {
      const choice = (chunk.choices as typeof chunk.choices | undefined)?.[0]; // some servers leave it out beside the usage
      const delta = choice?.delta as Delta | undefined;
      said.text += textIn(delta?.content);
      said.refusal += delta?.refusal ?? '';
      said.end = choice?.finish_reason ?? said.end;
      if (chunk.usage) said.usage = usageOf(chunk.usage);
    },
    answer({ text, refusal, end, usage }, request) {
      // OpenRouter's word for a provider behind it that failed in mid-answer.
      if (end === 'error') throw new CallFailed('later', `${endpoint.model}: the provider failed in the middle of its answer`, { used: usage ?? estimatedUsage(request, text), remedy: 'Go on with "sigil resume" later.' });
      const declined = end === 'content_filter' || (text === '' && refusal !== '');
      return { text: declined ? refusal || text : text, usage: usage ?? estimatedUsage(request, text), stop: declined ? 'refusal' : end === 'length' ? 'length' : 'end' };
    },
  }, endpoint, idleMs, listener);
}

function usageOf(u: OpenAI.CompletionUsage & MoreUsage): Usage {
  const cached = u.prompt_tokens_details?.cached_tokens ?? (typeof u.prompt_cache_hit_tokens === 'number' ? u.prompt_cache_hit_tokens : 0);
  const written = u.prompt_tokens_details?.cache_write_tokens ?? 0;
  return { input: Math.max(0, u.prompt_tokens - cached - written), cacheRead: cached, cacheWrite: written, output: u.completion_tokens, ...(typeof u.cost === 'number' ? { usd: u.cost } : {}) };
}
