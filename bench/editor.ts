// What a long journal costs the editor: opening 10,000 solutions in the tree of runs, and the time from an appended event to the tree's
// change, with the processor's share meanwhile.
//
//   npx tsx bench/editor.ts [--stored 10000] [--write]     # in a real extension host where test/vscode/setup.mjs has installed one
//
// A real run is stopped at its baseline and its journal filled (see stored.ts). The fold and the lists are measured in plain Node, each in
// a fresh process; the tree in the extension host (editor-host.ts), where a second process appends a solution every 200 ms.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listRuns } from '../src/adapters/journal/layout.ts';
import { RunEntry } from '../src/extension/runs/run-entry.ts';
import { listsOf } from '../src/extension/tree/lists.ts';
import { machineLine, quantile } from './machine.ts';
import { storedRun } from './stored-run.ts';

const PAGE = join(__dirname, 'results', 'editor.md');
const TIMES = 5;

interface Opened {
  readonly fold: number;
  readonly lists: number;
  /** After a change. */
  readonly again: number;
}

/** Reads one run as the editor does. Milliseconds. */
function open(root: string): Opened {
  const [paths] = listRuns(root);
  if (paths === undefined) throw new Error('there is no run');
  const began = performance.now();
  const state = new RunEntry(root, paths).state();
  const folded = performance.now();
  const lists = listsOf(state);
  const listed = performance.now();
  const later = { ...state, solutions: new Map([...state.solutions].map(([id, s], i) => [id, i % 1000 === 1 ? { ...s, banned: true } : s])) };
  const changed = performance.now();
  listsOf(later, lists);
  return { fold: folded - began, lists: listed - folded, again: performance.now() - changed };
}

const ms = (x: number): string => `${x < 10 ? x.toFixed(1) : x.toFixed(0)} ms`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { stored: { type: 'string', default: '10000' }, write: { type: 'boolean', default: false }, open: { type: 'string' } } });
  if (values.open !== undefined) {
    process.stdout.write(JSON.stringify(open(values.open)));
    return;
  }
  const n = Number(values.stored);
  const dir = mkdtempSync(join(tmpdir(), 'sigil-editor-'));
  const root = join(dir, 'project');
  try {
    const { bytes } = await storedRun(root, n);
    const opened = Array.from({ length: TIMES }, () => JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', __filename, '--open', root], { encoding: 'utf8' })) as Opened);
    const { measureInHost } = await import('./editor-in-host.ts');
    const host = process.env['SIGIL_BENCH_NO_HOST'] === '1' ? { why: 'left out' } : await measureInHost(root, dir);
    const rows: (readonly [string, string, string])[] = [
      ['journal read and folded, plain Node, fresh process', ms(quantile(opened.map((o) => o.fold), 0.5)), ms(Math.max(...opened.map((o) => o.fold)))],
      ['lists by lineage and by score, from the fold', ms(quantile(opened.map((o) => o.lists), 0.5)), ms(Math.max(...opened.map((o) => o.lists)))],
      ['the lists again after a change', ms(quantile(opened.map((o) => o.again), 0.5)), ms(Math.max(...opened.map((o) => o.again)))],
    ];
    const lines = [`## The tree of runs: ${n.toLocaleString('en')} solutions, ${(bytes / 1e6).toFixed(1)} MB of journal`, '', '| what | median | worst |', '| --- | --- | --- |'];
    if ('why' in host) lines.push(...rows.map((r) => `| ${r.join(' | ')} |`), '', `The extension host was not measured: ${host.why}`);
    else {
      rows.push(
        ['from nothing to the first rows in the real extension host: read, fold, lists, the first items made', ms(quantile(host.open, 0.5)), ms(Math.max(...host.open))],
        [`from an appended event to the tree's change event, ${host.latency.length} events at 5 a second`, ms(quantile(host.latency, 0.5)), ms(Math.max(...host.latency))],
      );
      const mean = host.latency.reduce((a, b) => a + b, 0) / host.latency.length;
      lines.push(...rows.map((r) => `| ${r.join(' | ')} |`), '', `Mean time to the change event: ${ms(mean)}. The whole extension host used ${(host.cpu * 100).toFixed(1)} % of one core while its tree showed the run and solutions came at 5 a second, and ${(host.idle * 100).toFixed(1)} % before they came: ${((host.cpu - host.idle) * 100).toFixed(1)} % are the extension's, the rest is the host's own. (The times are taken with a second tree beside it.)`);
    }
    lines.push('', 'Reproduce: `npx tsx bench/editor.ts`', '', machineLine());
    const text = `${lines.join('\n')}\n`;
    process.stdout.write(text);
    if (values.write) {
      // Others keep sections of their own on this page.
      const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '# The editor\n';
      const kept = page.replace(/\n## The tree of runs:[\s\S]*?(?=\n## |$)/, '').trimEnd();
      writeFileSync(PAGE, `${kept}\n\n${text}`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

void main();
