// How files that do not import vscode say things in the user's language: they are given this function.

/** `vscode.l10n.t`, with `{0}` for the arguments. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** In English: for tests. */
export const plainly: Translate = (message, ...args) => message.replace(/\{(\d+)\}/g, (_, n: string) => String(args[Number(n)]));
