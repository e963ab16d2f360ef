// One throw-away VS Code: its folders, the server, and the browser that shows it. Nothing here knows about tests.

import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { installed } from './versions.mjs';

/** Settings that keep a run quiet, and bring VS Code in the browser close to the desktop's defaults. */
const QUIET: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', // else the chat opens and takes the focus
  'chat.disableAIFeatures': true,
  'files.autoSave': 'off', // the browser's default is afterDelay
  'terminal.integrated.gpuAcceleration': 'off', // so that the terminal's text is in the page
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.stickyScroll.enabled': false, // it and the light bulb lie over lines that tests click on
  'editor.lightbulb.enabled': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'window.dialogStyle': 'custom',
};

export interface Session {
  readonly dir: string;
  readonly userData: string;
  readonly extensions: string;
  readonly profile: string;
  readonly config: string;
  /** Temporary files and the cache of whatever the server starts. */
  readonly tmp: string;
  readonly cache: string;
  readonly serverLog: string;
  readonly consoleLog: string;
  /** Writes the user's settings; VS Code takes them at once. */
  settings(values: Readonly<Record<string, unknown>>): void;
  /** A copy of a project folder inside the session: tests edit files. */
  copyOf(project: string): string;
  remove(): void;
}

/** Makes the folders of a session. `SIGIL_TEST_KEEP=1` leaves them. */
export function makeSession(settings: Readonly<Record<string, unknown>> = {}): Session {
  // A short path: the server puts sockets below it, whose paths may have 107 characters.
  const dir = mkdtempSync(join(tmpdir(), 'sv-'));
  const userData = join(dir, 'user');
  const session: Session = {
    dir,
    userData,
    extensions: join(dir, 'ext'),
    profile: join(dir, 'chromium'),
    config: join(dir, 'server.yaml'),
    tmp: join(dir, 'tmp'),
    cache: join(dir, 'cache'),
    serverLog: join(dir, 'server.log'),
    consoleLog: join(dir, 'console.log'),
    settings: (values) => writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings, ...values }, null, 2)),
    copyOf(project) {
      const copy = join(dir, 'w', basename(project));
      cpSync(resolve(project), copy, { recursive: true, filter: (p) => !['.sigil', 'node_modules', '__pycache__', '.venv', 'target'].includes(basename(p)) });
      return copy;
    },
    remove() {
      if (process.env['SIGIL_TEST_KEEP']) console.log(`kept ${dir}`);
      else rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  for (const d of [join(userData, 'User'), session.extensions, session.tmp, session.cache]) mkdirSync(d, { recursive: true });
  writeFileSync(session.config, 'auth: none\ncert: false\n'); // else the server writes one into the home folder
  session.settings({});
  return session;
}

function baseArguments(s: Session): readonly string[] {
  return [installed().entry, '--config', s.config, '--user-data-dir', s.userData, '--extensions-dir', s.extensions];
}

function serverEnvironment(s: Session, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // No marketplace: VS Code asks one at every start otherwise.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '', recommendationsUrl: '' }),
    TMPDIR: s.tmp,
    XDG_CACHE_HOME: s.cache,
    XDG_CONFIG_HOME: join(s.dir, 'config'), // what its user has set up, not ours
    ...extra,
  };
  // What a test started from a VS Code terminal must not hand on, and what says that tests run.
  const own = /^(VSCODE_(IPC|PID|CWD|NLS|ESM|HANDLES|PORTABLE|CRASH|GIT|INJECTION|PROXY|AGENT|CODE_CACHE|STABLE|SHELL)|ELECTRON_|NODE_OPTIONS$|CI$|npm_)/;
  return Object.fromEntries(Object.entries(env).filter(([k]) => !own.test(k)));
}

/** Installs a packaged extension as a user does. */
export function installVsix(s: Session, vsix: string): void {
  execFileSync(installed().node, [...baseArguments(s), '--install-extension', resolve(vsix)], { env: serverEnvironment(s), stdio: 'pipe' });
}

/** Makes a folder look like an installed extension. VS Code takes what it finds at its first start: to be called before. */
export function linkExtension(s: Session, folder: string): void {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { publisher: string; name: string; version: string };
  symlinkSync(resolve(folder), join(s.extensions, `${publisher}.${name}-${version}`), 'dir');
}

export interface Server {
  readonly url: string;
  readonly authority: string;
  readonly pid: number;
  readonly gone: Promise<string>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether every folder is trusted (the default); otherwise VS Code's own rules hold. */
  readonly trusted?: boolean;
  /** VS Code's own switch for tests: needed for tests in the extension host; it hides notifications and refuses dialogs. */
  readonly driver?: boolean;
  readonly args?: readonly string[];
}

/** Starts the server on a free port of this machine only. */
export async function startServer(s: Session, o: ServerOptions = {}): Promise<Server> {
  const args = ['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'];
  if (o.trusted ?? true) args.push('--disable-workspace-trust');
  const env = serverEnvironment(s, { ...o.env, ...(o.driver ? { VSCODE_OPTIONS: 'enable-smoke-test-driver' } : {}) });
  // A process group of its own, so that its hosts end with it.
  const child = spawn(installed().node, [...baseArguments(s), ...args, ...(o.args ?? [])], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server did not start');
  const log = createWriteStream(s.serverLog);
  let output = '';
  let ended = false;
  const gone = new Promise<string>((done) => child.once('exit', (code, signal) => { ended = true; done(String(code ?? signal)); }));
  const url = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => { failed(new Error(`the server did not listen within 60 s\n${output}`)); }, 60_000);
    const read = (data: Buffer): void => {
      log.write(data);
      if (output.length < 100_000) output += data.toString();
      const match = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (match?.[1]) { clearTimeout(timer); found(match[1]); }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void gone.then((how) => { clearTimeout(timer); failed(new Error(`the server ended (${how})\n${output}`)); });
  });
  fetch(url).catch(() => undefined); // it loads VS Code at the first request: not to wait for the browser's
  const signal = (name: NodeJS.Signals): void => { try { process.kill(-pid, name); } catch { /* ended */ } };
  const kill = (): void => { signal('SIGKILL'); };
  process.once('exit', kill);
  return {
    url, pid, authority: new URL(url).host, gone,
    async stop() {
      process.removeListener('exit', kill);
      if (!ended) signal('SIGTERM');
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([gone, new Promise((done) => { timer = setTimeout(done, 5000); })]);
      clearTimeout(timer);
      kill(); // what is left of the group
      log.end();
    },
  };
}

export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  stop(): Promise<void>;
}

/** Starts Chromium with a profile of the session's own, in which service workers and the like live. `SIGIL_TEST_HEADED=1` shows it. */
export async function startBrowser(s: Session, size: { readonly width: number; readonly height: number } = { width: 1400, height: 900 }): Promise<Browser> {
  const context = await chromium.launchPersistentContext(s.profile, {
    executablePath: installed().chromium,
    headless: !process.env['SIGIL_TEST_HEADED'],
    viewport: size,
    permissions: ['clipboard-read', 'clipboard-write'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'], // nothing but this machine
  });
  const page = context.pages()[0] ?? await context.newPage();
  const log = createWriteStream(s.consoleLog);
  page.on('console', (m) => log.write(`[${m.type()}] ${m.text()}\n`));
  page.on('pageerror', (e) => log.write(`[pageerror] ${e.stack ?? e.message}\n`));
  page.on('dialog', (d) => void d.accept().catch(() => undefined)); // "leave site?"
  return {
    context, page,
    async stop() {
      await context.close().catch(() => undefined);
      log.end();
    },
  };
}

export interface WhatToOpen {
  /** A folder or a .code-workspace; nothing: an empty window. */
  readonly folder?: string;
  /** An unpacked extension, and a test runner module to run in its host. Both need a server with `driver`. */
  readonly extension?: string;
  readonly tests?: string;
}

/** The workbench's address. */
export function workbenchUrl(server: Server, open: WhatToOpen): string {
  const remote = (path: string): string => `vscode-remote://${server.authority}${encodeURI(resolve(path))}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (open.extension) payload.push(['extensionDevelopmentPath', remote(open.extension)]);
  if (open.tests) payload.push(['extensionTestsPath', remote(open.tests)]);
  const url = new URL(`${server.url}/`);
  if (open.folder) url.searchParams.set(open.folder.endsWith('.code-workspace') ? 'workspace' : 'folder', resolve(open.folder));
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** Keeps what one wants to see after a failure: a picture, the page's console, the server's and VS Code's logs. */
export async function keepEvidence(s: Session, page: Page | undefined, into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  await page?.screenshot({ path: join(into, 'page.png') }).catch(() => undefined);
  for (const [from, name] of [[s.serverLog, basename(s.serverLog)], [s.consoleLog, basename(s.consoleLog)], [join(s.userData, 'logs'), 'logs'], [join(dirname(s.serverLog), 'host.log'), 'host.log']] as const) {
    try { cpSync(from, join(into, name), { recursive: true }); } catch { /* there is none */ }
  }
}
