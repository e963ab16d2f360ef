// What an agent sees and gets, which is more than an evaluation does (network, its own login or key) and less (of the machine, only programs).

import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { keyOf } from '../models/providers.ts';
import { evaluationEnvironment } from '../sandbox/environment.ts';
import type { HomeMount, Limits } from '../sandbox/job.ts';
import { homeFolder, which } from '../sandbox/toolchain.ts';
import { programOf, type Agent } from './agent.ts';

/** What of the root folder is the system and not somebody's files. All else is absent for an agent: it has the network, and could send it away. */
const SYSTEM = new Set(['bin', 'boot', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'libx32', 'lost+found', 'nix', 'opt', 'proc', 'sbin', 'snap', 'sys', 'usr', 'var']);
const PRIVATE = ['/etc/ssh', '/etc/ssl/private', '/var/backups', '/var/log', '/var/mail', '/var/spool', '/var/www'];

/** Places that are hidden from agents and not from evaluations. */
export function hiddenFromAgents(): string[] {
  return [...readdirSync('/', { withFileTypes: true }).filter((e) => e.isDirectory() && !SYSTEM.has(e.name)).map((e) => `/${e.name}`), ...PRIVATE];
}

/** The user's own way to the network, without which nothing reaches a provider. */
const NETWORK = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'];

export interface Grants {
  /** Names of the variables that it gets of those that it may have, and that are set. */
  readonly variables: readonly string[];
  /** Paths under the home that it sees. */
  readonly home: readonly HomeMount[];
  /** The project's file that one of the variables stands in; evaluations may not see it. */
  readonly keyFile: string | null;
}

interface Given extends Grants {
  readonly env: Readonly<Record<string, string>>;
  readonly programs: readonly string[];
  /** Variables whose values are nobody's business, an address with a password too. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What this agent is given here.
 * @throws UserError when it is not installed, or is not logged in
 */
export async function grantsOf(agent: Agent, root: string, from: Environment = process.env): Promise<Given> {
  const base = await evaluationEnvironment(root, [], from);
  const program = programOf(agent);
  const found = program.includes('/') ? (isAbsolute(program) ? program : join(root, program)) : which(program, base.env['PATH'] ?? '');
  if (found === null || !existsSync(found)) throw new UserError(`${agent.model}: there is no program "${program}"`, agent.install ?? 'Install it, or correct the agent\'s command in sigil.yaml.', 2);
  const env: Record<string, string> = { ...base.env, ...agent.set };
  for (const name of NETWORK) if (from[name] !== undefined && from[name] !== '') env[name] = from[name];
  const variables: string[] = [];
  let keyFile: string | null = null;
  for (const name of agent.env) {
    const { key, file } = keyOf(name, root, from);
    if (key === null) continue;
    keyFile ??= file;
    env[name] = key;
    variables.push(name);
  }
  const mounts = (paths: readonly string[], writable: boolean): HomeMount[] => paths.map((path) => ({ source: join(homeFolder(), path), path, writable })).filter((m) => existsSync(m.source));
  const home = [...mounts(agent.home.read, false), ...mounts(agent.home.write, true)];
  const { login } = agent;
  if (login !== null && !login.keys.some((name) => variables.includes(name)) && !home.some((m) => m.writable))
    throw new UserError(`${agent.model}: it is not logged in, and no key is set (${login.keys.join(', ')})`, login.remedy, 2);
  const secrets = Object.fromEntries([...variables, ...NETWORK].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return { env, variables, home, keyFile, programs: [...base.programs, found], secrets };
}

/** An agent's own limits: its program is large, and it mostly waits. */
export function limitsOf(agent: Agent, memoryMb: number): Limits {
  return { wallMs: agent.timeoutMs, cpuSeconds: Math.ceil(agent.timeoutMs / 1000) * 4, memoryMb: Math.max(memoryMb, 4096), fileSizeMb: 1024, processes: 512, outputBytes: 256 << 20 };
}
