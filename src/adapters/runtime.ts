// What this process runs on: Node, or VS Code's own Electron, which is Node where a variable says so.

export const onElectron = process.versions['electron'] !== undefined;

/** What a program must have in its environment to run as Node, when it is the one that this process runs on. */
export function asNode(): Readonly<Record<string, string>> {
  return onElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}
