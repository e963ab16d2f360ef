// Chat Completions, streamed: OpenAI and every server that speaks its language.

import OpenAI from 'openai';
import { CallFailed, isCallFailed, estimatedUsage, type Answer, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { failureOf } from './failures.ts';
import { Idle } from './idle.ts';
import type { Endpoint } from './providers.ts';

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** What only some servers put into their usage. */
interface MoreUsage {
  readonly cost?: unknown;
  readonly prompt_cache_hit_tokens?: unknown;
}

/** All that the SDK would take from the environment by itself is given; what it would retry and log is ours. */
export function openaiSdk(endpoint: Endpoint, idleMs: number): OpenAI {
  return new OpenAI({ apiKey: endpoint.key ?? 'none', baseURL: endpoint.baseUrl, organization: null, project: null, webhookSecret: null, adminAPIKey: null, maxRetries: 0, timeout: idleMs, logLevel: 'off' });
}

export class ChatClient implements ModelClient {
  private readonly sdk: OpenAI;
  private readonly endpoint: Endpoint;
  private readonly idleMs: number;
  /** Parameters that this server has refused: left out or renamed from then on. */
  private readonly refused = new Set<string>();

  constructor(endpoint: Endpoint, idleMs: number) {
    this.endpoint = endpoint;
    this.idleMs = idleMs;
    this.sdk = openaiSdk(endpoint, idleMs);
  }

  async check(signal: AbortSignal): Promise<void> {
    try {
      await this.sdk.models.list({ signal, timeout: 15_000 });
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      const failure = failureOf(e, this.endpoint, null, Date.now());
      const { status } = e as { status?: number };
      // A server without a list of models may still answer.
      if (status === undefined || status === 401 || status === 403) throw failure;
    }
  }

  async complete(request: ModelRequest, signal: AbortSignal): Promise<Answer> {
    for (;;) {
      try {
        return await this.once(request, signal);
      } catch (e) {
        const parameter = refusedParameter(e);
        if (parameter === null || this.refused.has(parameter)) throw isCallFailed(e) ? e : failureOf(e, this.endpoint, null, Date.now());
        this.refused.add(parameter);
      }
    }
  }

  private body(request: ModelRequest): Body {
    return {
      model: this.endpoint.name,
      messages: [{ role: 'system', content: request.system }, ...request.messages.map((m) => ({ role: m.role, content: m.text }))],
      stream: true,
      ...(this.refused.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- by OpenAI: most other servers know no other name
      ...(this.refused.has('max_tokens') ? { max_completion_tokens: request.maxTokens } : { max_tokens: request.maxTokens }),
      ...(this.endpoint.tellsCost ? { usage: { include: true } } : {}),
    };
  }

  private async once(request: ModelRequest, signal: AbortSignal): Promise<Answer> {
    const idle = new Idle(signal, this.idleMs);
    let text = '';
    let refusal = '';
    let finish: string | null = null;
    let usage: Usage | null = null;
    let begun = false;
    try {
      const stream = await this.sdk.chat.completions.create(this.body(request), { signal: idle.signal });
      for await (const chunk of stream) {
        idle.heard();
        begun = true;
        const choice = (chunk.choices as typeof chunk.choices | undefined)?.[0]; // some servers leave it out beside the usage
        text += choice?.delta.content ?? '';
        refusal += choice?.delta.refusal ?? '';
        finish = choice?.finish_reason ?? finish;
        if (chunk.usage) usage = usageOf(chunk.usage);
      }
      if (finish === null) throw new CallFailed('later', `${this.endpoint.model}: the answer broke off`, { remedy: 'Go on with "sigil resume" later.', used: begun ? estimatedUsage(request, text) : null });
    } catch (e) {
      if (signal.aborted) throw signal.reason;
      if (refusedParameter(e) !== null) throw e;
      const used = begun ? (usage ?? estimatedUsage(request, text)) : null;
      if (idle.timedOut) throw new CallFailed('later', `${this.endpoint.model}: nothing came for ${Math.round(this.idleMs / 1000)} s`, { used, remedy: 'Go on with "sigil resume" later.' });
      throw failureOf(e, this.endpoint, used, Date.now());
    } finally {
      idle.end();
    }
    const declined = finish === 'content_filter' || (text === '' && refusal !== '');
    return { text: declined ? refusal || text : text, usage: usage ?? estimatedUsage(request, text), stop: declined ? 'refusal' : finish === 'length' ? 'length' : 'end' };
  }
}

/** The parameter of ours that a server does not take, from its 400. */
function refusedParameter(e: unknown): string | null {
  const { status, message, param } = e as { status?: unknown; message?: unknown; param?: unknown };
  if (status !== 400 && status !== 422) return null;
  const said = `${typeof param === 'string' ? param : ''} ${typeof message === 'string' ? message : ''}`;
  if (!/unsupported|not supported|unrecognized|unknown|unexpected|not permitted|extra inputs|invalid parameter/i.test(said)) return null;
  return /max_tokens|stream_options/.exec(said)?.[0] ?? null;
}

function usageOf(u: OpenAI.CompletionUsage & MoreUsage): Usage {
  const cached = u.prompt_tokens_details?.cached_tokens ?? (typeof u.prompt_cache_hit_tokens === 'number' ? u.prompt_cache_hit_tokens : 0);
  const written = u.prompt_tokens_details?.cache_write_tokens ?? 0;
  return { input: Math.max(0, u.prompt_tokens - cached - written), cacheRead: cached, cacheWrite: written, output: u.completion_tokens, ...(typeof u.cost === 'number' ? { usd: u.cost } : {}) };
}
