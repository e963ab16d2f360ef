// A command-line agent as the proposer starts it: its command, what it may see and is given, and how to read what it prints.

export interface Agent {
  /** `agent/NAME` or `agent/NAME/MODEL`, as the user wrote it. */
  readonly model: string;
  readonly name: string;
  /** Shell text, or an argument vector. `{prompt}` and `{prompt_file}` stand for the prompt; without either it comes on stdin. */
  readonly command: string | readonly string[];
  /** The agent's own name of the model that it is to use; null for its default. */
  readonly uses: string | null;
  /** Appended where a model is named (`{model}`), and where there is a budget (`{usd}`). */
  readonly modelArgs: readonly string[];
  readonly budgetArgs: readonly string[];
  readonly output: OutputForm;
  /** Variables that it gets, by name, where they are set. */
  readonly env: readonly string[];
  /** Variables that it gets with these values. */
  readonly set: Readonly<Record<string, string>>;
  /** Paths under the user's home that it sees: its login to write, so that a refreshed one lasts; others to read. All else of the home is absent. */
  readonly home: { readonly write: readonly string[]; readonly read: readonly string[] };
  /** Files that it leaves behind and that are no edits, as glob patterns from the project's root. */
  readonly leaves: readonly string[];
  readonly timeoutMs: number;
  /** What a run of it is taken to cost until one has told, in USD. */
  readonly estimateUsd: number;
  /** How to get it. */
  readonly install: string | null;
  /** How to log in, of an agent that needs one of `env` or of `home.write` for it. */
  readonly login: { readonly remedy: string; readonly keys: readonly string[] } | null;
}

export type OutputForm =
  /** Claude Code's `stream-json` and `json`. */
  | { readonly form: 'claude' }
  /** Codex's JSONL events. */
  | { readonly form: 'codex' }
  /** Key paths in the last JSON that it prints; null for what it does not tell. */
  | { readonly form: 'paths'; readonly cost: string | null; readonly summary: string | null };

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const filled = (args: readonly string[], key: string, value: string): string[] => args.map((a) => a.replaceAll(key, value));

/** Longer arguments are refused by the kernel: 128 KiB with its end. */
const ARGUMENT_BYTES = 131_071;

/**
 * The argument vector that runs an agent. `$SIGIL_PROMPT_FILE` must be set for it.
 * @param usd what it may spend, where it has a flag for that; null for no limit
 */
export function argvOf(agent: Agent, prompt: string, promptFile: string, usd: number | null): readonly string[] {
  const more = [
    ...(agent.uses === null ? [] : filled(agent.modelArgs, '{model}', agent.uses)),
    ...(usd === null ? [] : filled(agent.budgetArgs, '{usd}', String(Math.floor(usd * 1e4) / 1e4))),
  ];
  const { command } = agent;
  const whole = typeof command === 'string' ? command : command.join(' ');
  const stdin = /\{prompt(?:_file)?\}/.test(whole) ? '/dev/null' : '"$SIGIL_PROMPT_FILE"';
  const model = agent.uses ?? '';
  if (typeof command !== 'string') {
    const argv = command.map((a) => a.replaceAll('{prompt_file}', promptFile).replaceAll('{model}', model).replaceAll('{prompt}', () => cut(prompt)));
    return ['/bin/sh', '-c', `exec "$@" < ${stdin}`, 'sh', ...argv, ...more];
  }
  // A placeholder is one word for the shell, in quotes of the user's or without.
  const put = (text: string, key: string, value: string): string => text.replaceAll(`"${key}"`, () => value).replaceAll(`'${key}'`, () => value).replaceAll(key, () => value);
  const text = put(put(put(command, '{prompt_file}', '"$SIGIL_PROMPT_FILE"'), '{prompt}', '"$(cat "$SIGIL_PROMPT_FILE")"'), '{model}', quoted(model));
  return ['/bin/sh', '-c', `exec < ${stdin}\n${text} "$@"`, 'sh', ...more];
}

function cut(prompt: string): string {
  const bytes = Buffer.from(prompt);
  return bytes.length <= ARGUMENT_BYTES ? prompt : `${bytes.subarray(0, ARGUMENT_BYTES - 64).toString('utf8').replace(/\ufffd+$/, '')}\n[… cut off: too long for an argument]`;
}

/** The program that a command starts, as it is written. */
export function programOf(agent: Agent): string {
  const first = typeof agent.command === 'string' ? agent.command.trim().replace(/^(?:\w+=\S*\s+)*/, '').split(/\s+/)[0] : agent.command[0];
  return (first ?? '').replace(/^(["'])(.*)\1$/, '$2');
}
