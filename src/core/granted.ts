// What an agent that proposes had of the user's, and what evaluations had, in words.

import type { Granted } from './events.ts';
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
