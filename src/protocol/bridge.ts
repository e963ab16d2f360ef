// How a run finds VS Code's language models: a file in its folder, written by the extension, which only the user may read.

/** The provider in `--model vscode/vendor/id`. */
export const BRIDGE_PROVIDER = 'vscode';

/** `bridge.json`: whole at each moment, and replaced with each window that takes the run on. */
export type BridgeFile =
  /** Chat Completions at `http://127.0.0.1:<port>/v1`, for who has the token, which is this run's alone. */
  | { readonly v: 1; readonly port: number; readonly token: string }
  /** The user is being asked. */
  | { readonly v: 1; readonly asking: true }
  /** The user, or VS Code, has said no. */
  | { readonly v: 1; readonly refused: string };

/** Names of failures in the bridge's answers (`error.code`), besides those of VS Code's LanguageModelError. */
export const TOO_LONG = 'context_length_exceeded';

/** What a file holds; null when it is none. */
export function parseBridge(text: string): BridgeFile | null {
  let x: unknown;
  try {
    x = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof x !== 'object' || x === null) return null;
  const { v, port, token, asking, refused } = x as Readonly<Record<string, unknown>>;
  if (v !== 1) return null;
  if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 && typeof token === 'string' && /^[\w-]{20,}$/.test(token)) return { v, port, token };
  if (asking === true) return { v, asking };
  return typeof refused === 'string' ? { v, refused } : null;
}
