// What the Solutions panel costs at 10,000 solutions: the snapshot in the extension's host, and frames of the real page while it is scrolled.
//
//   npx tsx bench/panel.ts [--stored 10000] [--write]
//
// A real run is stopped at its baseline and its journal filled (stored.ts). The page is dist/webview under its own policy in Chromium without
// a GPU (test/ui/page/page.ts), scrolled by wheel and by held keys, at rest and while new snapshots come. Chromium's trace tells the longest
// task of the page's main thread and each animation frame (from its begin to the end of its rendering).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { visitEvents } from '../src/adapters/journal/file-journal.ts';
import { roundsOf } from '../src/adapters/journal/rounds.ts';
import { RunFold, type RunState } from '../src/core/run-state.ts';
import { Diffs, panelDetail } from '../src/extension/panel/detail.ts';
import { panelRun } from '../src/extension/panel/snapshot.ts';
import { openPage, startChromium, type PanelPage } from '../test/ui/page/page.ts';
import { machineLine, quantile } from './machine.ts';
import { storedRun } from './stored-run.ts';

const PAGE = join(__dirname, 'results', 'panel.md');
const LIMIT_MS = 50;
interface Made {
  readonly journal: string;
  readonly state: RunState;
  readonly mb: number;
}

async function make(folder: string, stored: number): Promise<Made> {
  const { paths, bytes } = await storedRun(join(folder, 'project'), stored, { metric: 'time_ms' });
  const fold = new RunFold();
  visitEvents(paths.journal, (e) => { fold.apply(e); }, 'last');
  return { journal: paths.journal, state: fold.state, mb: bytes / 1e6 };
}

/** Milliseconds of each of some calls. */
function timed(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
}

interface Traced {
  readonly frames: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
  readonly longestTask: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id2?: { readonly local?: string };
  readonly args?: { readonly name?: string };
}

/** Traces the page while `work` goes on. */
async function trace(page: Page, work: () => Promise<void>): Promise<Traced> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => { events.push(...(value as unknown as TraceEvent[])); });
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['devtools.timeline', 'toplevel', '__metadata'] }, transferMode: 'ReportEvents' });
  await work();
  const done = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await done;
  await cdp.detach();
  // The page's process is the one that has animation frames.
  const begun = new Map<string, number>();
  const frames: number[] = [];
  let renderer = -1;
  for (const e of events) {
    if (e.name !== 'AnimationFrame') continue;
    const id = `${e.pid}:${e.id2?.local ?? ''}`;
    if (e.ph === 'b') begun.set(id, e.ts);
    const at = begun.get(id);
    if (e.ph === 'e' && at !== undefined) {
      frames.push((e.ts - at) / 1000);
      renderer = e.pid;
    }
  }
  const main = events.find((e) => e.ph === 'M' && e.name === 'thread_name' && e.pid === renderer && e.args?.name === 'CrRendererMain');
  // By the thread's own time where the trace has it: another process may have the core meanwhile.
  const tasks = events.filter((e) => e.pid === renderer && e.tid === main?.tid && e.name === 'ThreadControllerImpl::RunTask' && e.ph === 'X').map((e) => (e.tdur ?? e.dur ?? 0) / 1000);
  if (frames.length === 0 || tasks.length === 0) throw new Error('the trace has no frames');
  return { frames: frames.length, median: quantile(frames, 0.5), p99: quantile(frames, 0.99), longest: Math.max(...frames), longestTask: Math.max(...tasks) };
}

async function wheel(p: PanelPage, times: number, step: number): Promise<void> {
  await p.page.locator('.tree').hover();
  for (let i = 0; i < times; i++) {
    await p.page.mouse.wheel(0, i % 60 < 45 ? step : -step);
    await p.page.waitForTimeout(16);
  }
}

async function keys(p: PanelPage, times: number): Promise<void> {
  await p.page.locator('.row[tabindex="0"]').focus();
  for (let i = 0; i < times; i++) await p.page.keyboard.press(i % 40 === 39 ? 'End' : i % 40 === 19 ? 'Home' : i % 10 === 9 ? 'PageDown' : 'ArrowDown');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { stored: { type: 'string', default: '10000' }, write: { type: 'boolean', default: false } } });
  const stored = Number(values.stored);
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  const browser = await startChromium();
  try {
    const { journal, state, mb } = await make(folder, stored);
    const ref = { root: folder, spec: 'bench', workspace: 'v1', run: 'run' };
    const build = timed(30, () => panelRun(ref, 'running', state, true)).slice(5);
    const run = panelRun(ref, 'running', state, true);
    const text = JSON.stringify(run);
    const began = performance.now();
    const rounds = await roundsOf(journal, state.incumbent);
    const read = performance.now() - began;
    const best = state.solutions.get(state.incumbent);
    if (!best) throw new Error('the run has no best');
    const detail = panelDetail(state, best, new Diffs(state), rounds);

    const p = await openPage(browser, { width: 1200, height: 900 });
    let revision = 0;
    const rows: (readonly [string, Traced])[] = [];
    const first = await trace(p.page, async () => {
      await p.send({ type: 'run', revision: ++revision, run });
      await p.send({ type: 'select', id: best.id });
      await p.send({ type: 'detail', detail });
      await p.page.locator('.row').first().waitFor();
      await p.page.waitForTimeout(500);
    });
    rows.push(['wheel, 100 px a step', await trace(p.page, () => wheel(p, 240, 100))], ['wheel, 4,000 px a step', await trace(p.page, () => wheel(p, 240, 4000))], ['held keys: arrows, pages, Home and End', await trace(p.page, () => keys(p, 240))]);
    // As the extension would: at most every 200 ms.
    await p.page.evaluate((kept) => { Object.assign(globalThis, { kept }); }, run);
    let stop = false;
    const news = async (): Promise<void> => {
      while (!stop) {
        // From within the page: the editor hands messages over without the protocol of a debugger.
        await p.page.evaluate(`window.postMessage({ type: 'run', revision: ${++revision}, run: { ...kept, evaluations: ${revision} } }, '*')`);
        await p.page.waitForTimeout(200);
      }
    };
    rows.push(['wheel, while a snapshot of all comes every 200 ms', await trace(p.page, async () => {
      const sending = news();
      await wheel(p, 240, 400);
      stop = true;
      await sending;
    })]);
    const elements = await p.page.locator('.row').count();
    const problems = await p.problems();
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const worst = Math.max(...rows.map(([, t]) => t.longest));
    const ms = (x: number): string => x.toFixed(1);
    const page = [
      '# The Solutions panel with many solutions', '',
      '`npx tsx bench/panel.ts --write`', '',
      machineLine(), '',
      `${stored} solutions, a journal of ${mb.toFixed(0)} MB. Chromium ${browser.version()} without a GPU, the panel 1200 × 900 pixels; ${elements} rows have an element.`, '',
      `In the extension's host: a snapshot of all rows takes ${ms(quantile(build, 0.5))} ms to make (of ${build.length} the slowest ${ms(Math.max(...build))}) and is ${(text.length / 1000).toFixed(0)} kB of JSON, ${(text.length / stored).toFixed(0)} bytes a solution. ` +
      `It is sent at most every 200 ms, and never for more than a twentieth of the time. The pairs of one solution are found in the journal in ${ms(read)} ms.`, '',
      `Goal: no frame over ${LIMIT_MS} ms while scrolling. The longest took ${ms(worst)} ms. The first snapshot with the first detail is drawn in frames of at most ${ms(first.longest)} ms.`, '',
      '| while scrolling by | frames | median, ms | 99 % | longest frame | longest task, CPU |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...rows.map(([name, t]) => `| ${name} | ${t.frames} | ${ms(t.median)} | ${ms(t.p99)} | ${ms(t.longest)} | ${ms(t.longestTask)} |`), '',
    ].join('\n');
    console.log(page);
    if (values.write) writeFileSync(PAGE, page);
    process.exitCode = worst > LIMIT_MS ? 1 : 0;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
