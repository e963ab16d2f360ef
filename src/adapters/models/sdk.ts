// The providers' SDKs: a bundle of its own (dist/models.js), which a run with a model loads, so that no other command pays for it.

import { anthropicClient } from './anthropic.ts';
import { CallFailed, type ModelClient } from './client.ts';
import { chatClient } from './openai-chat.ts';
import { responsesClient } from './openai-responses.ts';
import type { Endpoint } from './providers.ts';
import type { Listener } from './streaming.ts';

/** Milliseconds of silence after which a call is given up: models that think may be silent for minutes. */
const IDLE_MS = 300_000;

export function clientFor(endpoint: Endpoint, idleMs = IDLE_MS, listener: Listener = {}): ModelClient {
  switch (endpoint.api) {
    case 'chat': return chatClient(endpoint, idleMs, listener);
    case 'responses': return responsesClient(endpoint, idleMs, listener);
    case 'anthropic': return anthropicClient(endpoint, idleMs, listener);
    // Only a run has a bridge, and asks it without any SDK.
    case 'bridge': throw new CallFailed('fatal', `${endpoint.model} is asked through VS Code, by a run in a folder that is open there`, { remedy: '"Sigil: Set up a Model…" in VS Code tries it.' });
  }
}
