// Which keys a command needs: the providers of the models that its arguments name, each with the address that its key would be sent to.

import type { StartedWith } from '../run/arguments.ts';

/** A key's place: of a provider at its own address, or at one of the user's. */
export interface KeyPlace {
  readonly provider: string;
  /** Null: the provider's own. */
  readonly baseUrl: string | null;
}

/** An address as it is compared: without the slashes at its end. */
export function tidyUrl(url: string): string {
  return url.trim().replace(/\/+$/, '');
}

/** The values of an option in the ways that the command takes it: `--name value`, `--name=value`, `-n value`. */
function valuesOf(args: readonly string[], name: string, short = name): readonly string[] {
  return args.flatMap((arg, i) => {
    if (arg === name || arg === short) return args[i + 1] === undefined ? [] : [args[i + 1] ?? ''];
    return arg.startsWith(`${name}=`) ? [arg.slice(name.length + 1)] : [];
  });
}

/**
 * The places of the keys that a run with these arguments may need. An address in the arguments is where all of them would go, so that a key which
 * was given for another address is not among them: arguments may come from the project's tasks.json.
 * @param started of the run that the command goes on with; null for a new one
 * @param ofSpec the models that sigil.yaml names: asked where the arguments name none
 */
export function keysAsked(args: readonly string[], started: StartedWith | null, ofSpec: readonly string[] = []): readonly KeyPlace[] {
  const given = valuesOf(args, '--model', '-m');
  const named = started !== null ? [started.model] : given.length > 0 ? given : ofSpec;
  const url = valuesOf(args, '--base-url').at(-1);
  const baseUrl = url === undefined ? null : tidyUrl(url);
  const providers = named.flatMap((list) => list.split(',')).map((model) => /^\s*([a-z]+)\//.exec(model)?.[1]).filter((p) => p !== undefined);
  return [...new Set(providers)].map((provider) => ({ provider, baseUrl }));
}
