// The providers' SDKs: a bundle of its own (dist/models.js), which a run with a model loads, so that no other command pays for it.

import { AnthropicClient } from './anthropic.ts';
import { CallFailed, type ModelClient } from './client.ts';
import { ChatClient } from './openai-chat.ts';
import { ResponsesClient } from './openai-responses.ts';
import type { Endpoint } from './providers.ts';

/** Milliseconds of silence after which a call is given up: models that think may be silent for minutes. */
const IDLE_MS = 300_000;

export function clientFor(endpoint: Endpoint, idleMs = IDLE_MS): ModelClient {
  switch (endpoint.api) {
    case 'chat': return new ChatClient(endpoint, idleMs);
    case 'responses': return new ResponsesClient(endpoint, idleMs);
    case 'anthropic': return new AnthropicClient(endpoint, idleMs);
    // Only a run has a bridge, and asks it without any SDK.
    case 'bridge': throw new CallFailed('fatal', `${endpoint.model} is asked through VS Code, by a run in a folder that is open there`, { remedy: '"Sigil: Set up a Model…" in VS Code tries it.' });
  }
}
