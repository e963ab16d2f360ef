// Which of VS Code's language models a run was started with.

import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';

/** Their names without the provider. A run of several models lists them, an older one has its only one. */
export function bridgeModels(started: { readonly model: string; readonly models?: readonly { readonly name: string }[] }): readonly string[] {
  const names = started.models?.map((m) => m.name) ?? [started.model];
  return names.filter((n) => n.startsWith(`${BRIDGE_PROVIDER}/`)).map((n) => n.slice(BRIDGE_PROVIDER.length + 1));
}
