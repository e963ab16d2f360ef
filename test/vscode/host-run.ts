// Runs a test runner module inside a real extension host, and tells how it ended.

import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { installVsix, keepEvidence, makeSession, startBrowser, startServer, workbenchUrl, type Browser, type Server } from './session.ts';

export interface HostRun {
  readonly extension: string;
  readonly tests: string;
  readonly folder?: string;
  readonly vsix?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Where the runner module writes its report. */
  readonly report: string;
  readonly timeoutSeconds: number;
  /** Where logs and a picture go when it fails. */
  readonly evidence: string;
}

/** 0: all passed; 1: a test failed; 2: the host or this harness broke; 124: it took too long. */
export interface HostResult {
  readonly code: 0 | 1 | 2 | 124;
  readonly why: string;
}

type Ending = { readonly kind: 'exit'; readonly code: number } | { readonly kind: 'broke'; readonly why: string } | { readonly kind: 'timeout' };

interface Report {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/**
 * Opens the workbench with the extension and its tests. VS Code calls the runner's run() in the extension host and then
 * codeAutomationExit in the page, with 0 also when the host crashed: so the report that run() writes is the second witness.
 */
export async function runInHost(o: HostRun): Promise<HostResult> {
  const session = makeSession(o.settings);
  const hostLog = join(session.dir, 'host.log');
  rmSync(o.report, { force: true });
  let server: Server | undefined;
  let browser: Browser | undefined;
  let result: HostResult;
  try {
    for (const vsix of o.vsix ?? []) installVsix(session, vsix);
    const [s, b] = await Promise.allSettled([startServer(session, { driver: true, trusted: o.trusted ?? true, env: { ...o.env, SIGIL_TEST_REPORT: resolve(o.report) } }), startBrowser(session)]);
    if (s.status === 'fulfilled') server = s.value;
    if (b.status === 'fulfilled') browser = b.value;
    if (s.status === 'rejected') throw s.reason;
    if (b.status === 'rejected') throw b.reason;
    const ending = await ended(s.value, b.value, hostLog, workbenchUrl(s.value, o), o.timeoutSeconds);
    result = judge(ending, existsSync(o.report) ? (JSON.parse(readFileSync(o.report, 'utf8')) as Report) : null, o.timeoutSeconds);
  } catch (e) {
    result = { code: 2, why: e instanceof Error ? (e.stack ?? e.message) : String(e) };
  }
  if (result.code !== 0) {
    if (result.code === 2) console.error(lastWords(hostLog));
    await keepEvidence(session, browser?.page, o.evidence);
    console.error(`Logs and a picture: ${o.evidence}`);
  }
  await browser?.stop();
  await server?.stop();
  session.remove();
  return result;
}

async function ended(server: Server, browser: Browser, hostLog: string, url: string, timeoutSeconds: number): Promise<Ending> {
  const { page, context } = browser;
  let timer: NodeJS.Timeout | undefined;
  const ending = new Promise<Ending>((done) => {
    // Both before the page loads: the workbench looks for these when the host ends, which may be early.
    void page.exposeFunction('codeAutomationExit', (code: number) => { done({ kind: 'exit', code }); });
    void page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => { appendFileSync(hostLog, `${type}: ${printed(args)}\n`); });
    page.on('crash', () => { done({ kind: 'broke', why: 'the page crashed' }); });
    context.on('close', () => { done({ kind: 'broke', why: 'the browser closed' }); });
    void server.gone.then((how) => { done({ kind: 'broke', why: `the server ended (${how})` }); });
    timer = setTimeout(() => { done({ kind: 'timeout' }); }, timeoutSeconds * 1000);
  });
  await page.goto(url, { waitUntil: 'commit' });
  const how = await ending;
  clearTimeout(timer);
  return how;
}

function judge(ending: Ending, report: Report | null, timeoutSeconds: number): HostResult {
  if (ending.kind === 'timeout') return { code: 124, why: `no result within ${timeoutSeconds} s` };
  if (ending.kind === 'broke') return { code: 2, why: ending.why };
  if (!report) return { code: 2, why: `the host ended with ${ending.code} and left no report: the tests did not load, or the host crashed` };
  if (report.failures > 0 || ending.code !== 0) return { code: 1, why: `${report.failures} of ${report.passes + report.failures} tests failed (the host ended with ${ending.code})` };
  if (report.passes === 0) return { code: 2, why: 'no test ran' };
  return { code: 0, why: `${report.passes} passed, ${report.pending} pending` };
}

/** Arguments of console.log as Node prints them, without the browser's colours. */
function printed([first, ...rest]: readonly unknown[]): string {
  return typeof first === 'string' ? format(first.replaceAll('%c', ''), ...rest.filter((x) => !/^color:/.test(String(x)))) : format(first, ...rest);
}

/** Without a report the reason stands in what the host printed last. */
function lastWords(hostLog: string): string {
  if (!existsSync(hostLog)) return '';
  const entries = readFileSync(hostLog, 'utf8').split(/^(?=(?:error|warn|info|log|debug): )/m).filter((e) => /^(error|warn|log)/.test(e) && !/Canceled|authentication provider/.test(e));
  return entries.slice(-6).map((e) => e.trimEnd().split('\n').slice(0, 8).join('\n')).join('\n');
}
