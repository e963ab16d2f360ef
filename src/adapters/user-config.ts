// What the user has set up for all projects: the model, its address, and what a day may cost. Never a key.

import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { closest } from './text.ts';

export interface UserConfig {
  /** `builtin` or `provider/name`; null when none is set up. */
  readonly model: string | null;
  /** Where that model is reached; null: its provider's own address. */
  readonly baseUrl: string | null;
  /** USD that all runs of a day may spend together; null: no limit. */
  readonly usdPerDay: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NONE: UserConfig = { model: null, baseUrl: null, usdPerDay: null };

/** For each key whether a value is one, and what one looks like. */
const KEYS: Readonly<Record<keyof UserConfig, { readonly fits: (value: unknown) => boolean; readonly wanted: string }>> = {
  model: { fits: (v) => typeof v === 'string' && /^(?:builtin|[a-z]+\/.+)$/.test(v), wanted: '"builtin", or a provider and a name such as "openai/x"' },
  baseUrl: { fits: (v) => typeof v === 'string' && /^https?:\/\/./.test(v), wanted: 'an http or https URL such as "http://127.0.0.1:8080/v1"' },
  usdPerDay: { fits: (v) => typeof v === 'number' && Number.isFinite(v) && v > 0, wanted: 'USD, more than 0, such as 5' },
};

/** `$XDG_CONFIG_HOME/sigil/config.json`, else `~/.config/sigil/config.json`. */
export function userConfigPath(env: Environment = process.env): string {
  const xdg = env['XDG_CONFIG_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.config'), 'sigil', 'config.json');
}

/** @throws UserError that names the file and the key when something in it is wrong */
export function readUserConfig(env: Environment = process.env): UserConfig {
  const path = userConfigPath(env);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return NONE;
    throw new UserError(`${path} cannot be read: ${(e as Error).message}`, 'See that it is a file of yours that you may read.', 2);
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (e) {
    throw new UserError(`${path}: it is no JSON: ${(e as Error).message}`, 'Mend it, or remove it: "sigil models setup" writes a new one.', 2);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new UserError(`${path}: it is no JSON object`, 'It looks like {"model": "openai/x", "usdPerDay": 5}.', 2);
  for (const [key, value] of Object.entries(read)) {
    if (!isKey(key)) {
      if (/key|token|secret/i.test(key)) throw new UserError(`${path}: "${key}": this file holds no keys`, 'Take it out, and put the key into the environment or the project\'s .env.', 2);
      throw new UserError(`${path}: there is no setting "${key}"`, closest(key, Object.keys(KEYS), 'setting'), 2);
    }
    if (!KEYS[key].fits(value)) throw new UserError(`${path}: "${key}" is ${JSON.stringify(value)}`, `It is ${KEYS[key].wanted}.`, 2);
  }
  return { ...NONE, ...read };
}

function isKey(key: string): key is keyof UserConfig {
  return Object.hasOwn(KEYS, key);
}

/** Changes some settings and keeps the others; null takes one out. The file is replaced whole, and only the user may read it. Returns its path. */
export function writeUserConfig(change: Partial<UserConfig>, env: Environment = process.env): string {
  const path = userConfigPath(env);
  const settings = Object.fromEntries(Object.entries({ ...readUserConfig(env), ...change }).filter(([, value]) => value !== null));
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    chmodSync(temporary, 0o600); // also where one was left over
    renameSync(temporary, path);
  } catch (e) {
    rmSync(temporary, { force: true });
    throw new UserError(`${path} cannot be written: ${(e as Error).message}`, 'See that the folder is yours.');
  }
  return path;
}
