// Types of versions.mjs, which plain Node runs before anything is installed.

export const here: string;
export const NEWEST: string;
export const OLDEST: string;
export function chosenVersion(name?: string): string;
export function cacheFolder(): string;
export function versionFolder(version?: string): string;
export function findChromium(): string | undefined;
export function installed(version?: string): { readonly node: string; readonly entry: string; readonly chromium: string };
export function whyNot(): string | null;
