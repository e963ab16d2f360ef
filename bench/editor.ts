// What a long journal costs the editor: opening 10,000 solutions in the tree of runs, and the time from an appended event to the tree's
// change, with the processor's share meanwhile.
//
//   npx tsx bench/editor.ts [--stored 10000] [--write]     # in a real extension host where test/vscode/setup.mjs has installed one
//
// A real run is stopped at its baseline and its journal filled (see stored.ts). The fold and the lists are measured in plain Node, each in
// a fresh process; the tree in the extension host (editor-host.ts), where a second process appends a solution every 200 ms.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distFile } from '../src/adapters/assets.ts';
import { FileJournal } from '../src/adapters/journal/file-journal.ts';
import { listRuns } from '../src/adapters/journal/layout.ts';
import { RunEntry } from '../src/extension/runs/run-entry.ts';
import { listsOf } from '../src/extension/tree/lists.ts';
import { machineLine, quantile } from './machine.ts';
import { storeSolutions } from './stored.ts';

const PAGE = join(__dirname, 'results', 'editor.md');
const TIMES = 5;

const SPEC = `version: 1
specs:
  bench:
    pins: [hot.js#scale]
    gates: ["true"]
    measure: "echo score: 5"
    metrics:
      - { name: score, kind: count }
    objective: maximize score
`;
const HOT = 'function scale(rows, limit) {\n  let total = 0;\n  for (const row of rows) total += row * 3 + limit * 7;\n  return total % 1003;\n}\n\nmodule.exports = { scale };\n';

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
  listsOf(state, lists);
  return { fold: folded - began, lists: listed - folded, again: performance.now() - listed };
}

async function fill(root: string, n: number): Promise<number> {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'sigil.yaml'), SPEC);
  writeFileSync(join(root, 'hot.js'), HOT);
  execFileSync(process.execPath, [distFile('cli.js'), 'run', 'bench', '--niter', '1', '--seed', '1', '--json', '--cwd', root], { stdio: 'ignore' });
  const [paths] = listRuns(root);
  if (paths === undefined) throw new Error('the run left no journal');
  const lines = readFileSync(paths.journal, 'utf8').split('\n');
  const end = lines.findIndex((l) => l.includes('"type":"baseline"'));
  writeFileSync(paths.journal, `${lines.slice(0, end + 1).join('\n')}\n`);
  const journal = new FileJournal(paths, () => Date.now());
  storeSolutions(journal, n, 5);
  await journal.close();
  return statSync(paths.journal).size;
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
    const bytes = await fill(root, n);
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
        ['from nothing to the first rows in the real extension host: read, fold, lists, 200 items made', ms(quantile(host.open, 0.5)), ms(Math.max(...host.open))],
        [`from an appended event to the tree's change event, ${host.latency.length} events at 5 a second`, ms(quantile(host.latency, 0.5)), ms(Math.max(...host.latency))],
      );
      const mean = host.latency.reduce((a, b) => a + b, 0) / host.latency.length;
      lines.push(...rows.map((r) => `| ${r.join(' | ')} |`), '', `Mean time to the change event: ${ms(mean)}. The whole extension host, its own tree of the same run included, used ${(host.cpu * 100).toFixed(1)} % of one core while solutions came at 5 a second (${(host.idle * 100).toFixed(1)} % before they came).`);
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
