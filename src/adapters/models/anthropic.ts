// Anthropic's Messages, streamed, with the run's common prefix in the provider's cache.

import Anthropic from '@anthropic-ai/sdk';
import { CallFailed, estimatedUsage, NO_USAGE, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Endpoint } from './providers.ts';
import { StreamingClient, type Listener } from './streaming.ts';

type Body = Anthropic.MessageCreateParamsStreaming;

/** Of an answer's limit: what a model that is told in tokens may think. */
const BUDGET = { low: 1 / 8, medium: 1 / 4, high: 1 / 2 } as const;
const LEAST_BUDGET = 1024;

/** How much to think: newer models are told the effort and choose by themselves; older ones are told a number of tokens. */
function thinkingOf({ effort, maxTokens }: ModelRequest, without: ReadonlySet<string>): Pick<Body, 'thinking' | 'output_config'> {
  if (effort === undefined) return {};
  const budget = Math.max(LEAST_BUDGET, Math.floor(maxTokens * BUDGET[effort]));
  return {
    ...(without.has('output_config') ? {} : { output_config: { effort } }),
    ...(without.has('thinking') ? {} : !without.has('adaptive') ? { thinking: { type: 'adaptive' as const } } : budget >= maxTokens ? {} : { thinking: { type: 'enabled' as const, budget_tokens: budget } }),
  };
}

function bodyOf(endpoint: Endpoint, request: ModelRequest, without: ReadonlySet<string>): Body {
  const thinking = thinkingOf(request, without);
  return {
    model: endpoint.name,
    max_tokens: request.maxTokens,
    stream: true,
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: request.messages.map((m) => ({ role: m.role, content: m.text })),
    // While it thinks a model takes no other temperature than its own.
    ...(request.temperature === undefined || without.has('temperature') || thinking.thinking !== undefined ? {} : { temperature: request.temperature }),
    ...thinking,
  };
}

export function anthropicClient(endpoint: Endpoint, idleMs: number, listener: Listener): ModelClient {
  // All that the SDK would take from the environment or from files by itself is given; what it would retry and log is ours.
  const sdk = new Anthropic({ apiKey: endpoint.key ?? 'none', authToken: null, baseURL: endpoint.baseUrl, webhookKey: null, maxRetries: 0, timeout: idleMs, logLevel: 'off', fetch: guardedFetch(endpoint) });
  return new StreamingClient<Anthropic.RawMessageStreamEvent>({
    optional: ['output_config', 'adaptive', 'thinking', 'temperature'],
    list: (signal, timeout) => sdk.models.list({ limit: 1 }, { signal, timeout }),
    open: (request, without, signal, fetch) => sdk.withOptions({ fetch }).messages.create(bodyOf(endpoint, request, without), { signal }).withResponse(),
    hear(event, said) {
      if (event.type === 'message_start') said.usage = withUsage(said.usage, event.message.usage);
      else if (event.type === 'content_block_start' && event.content_block.type === 'text') said.text += event.content_block.text;
      else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') said.text += event.delta.text;
      else if (event.type === 'message_delta') {
        said.end = event.delta.stop_reason ?? said.end;
        said.usage = withUsage(said.usage, event.usage);
      }
    },
    answer({ text, end, usage }, request) {
      if (end === 'model_context_window_exceeded') throw new CallFailed('too-long', `${endpoint.model}: the prompt and the answer do not fit into the model's context`, { used: usage, remedy: 'Choose a model with a larger context.' });
      return { text, usage: usage ?? estimatedUsage(request, text), stop: end === 'refusal' ? 'refusal' : end === 'max_tokens' ? 'length' : 'end' };
    },
  }, endpoint, idleMs, listener);
}

interface WireUsage {
  readonly input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens?: number | null;
}

/** The numbers of an event are totals so far: each replaces the one before. Servers that only speak like it may leave them out. */
function withUsage(known: Usage | null, u: WireUsage | null | undefined): Usage | null {
  if (u === null || u === undefined) return known;
  const before = known ?? NO_USAGE;
  return {
    input: u.input_tokens ?? before.input, cacheRead: u.cache_read_input_tokens ?? before.cacheRead, cacheWrite: u.cache_creation_input_tokens ?? before.cacheWrite,
    output: u.output_tokens ?? before.output,
  };
}
