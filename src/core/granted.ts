// What evaluations, and an agent that proposes, had of the user's and of the machine, in words.

import type { Granted, SandboxLevel } from './events.ts';
import type { Spec } from './spec.ts';

const listed = (names: readonly string[]): string => (names.length <= 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`);

/** `confined`: by bubblewrap. */
export function grantedWords(granted: readonly Granted[], spec: Spec, confined: boolean): string {
  const has = granted.map(({ agent, home, variables }) => {
    const own = [...home, ...variables];
    return confined
      ? `${agent} has the network, and of yours ${own.length === 0 ? 'nothing but a checkout' : listed(own)}; it sees neither your working tree nor hidden files.`
      : `${agent} is not confined: it has the network and can read and write what you can.`;
  });
  const asked = [...(spec.network ? ['the network'] : []), ...spec.env];
  return `${has.join(' ')} Evaluations have ${asked.length > 0 ? `${listed(asked)}, as the spec says, and else none of it` : confined ? 'none of it' : 'none of its variables'}.`;
}

/** How evaluations are confined, and what of the network and the user's variables the spec lets them have all the same. */
export function confinementWords(level: SandboxLevel, spec: Pick<Spec, 'network' | 'setup' | 'env'>): string {
  const variables = spec.env.length === 0 ? '' : `, and your ${listed(spec.env)}, as the spec says`;
  if (level === 'process-group') return `process limits only: candidate code can read your files and use the network${variables}`;
  const network = spec.network ? 'with the network, as the spec asks' : spec.setup === null ? 'no network' : 'no network but for setup';
  return `bubblewrap: read-only system, ${network}${variables}`;
}
