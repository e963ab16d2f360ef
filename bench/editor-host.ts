// Inside the extension host: opens the long run in a tree of its own, then follows it while another process appends to it.

import { spawn } from 'node:child_process';
import { writeFileSync, renameSync } from 'node:fs';
import * as vscode from 'vscode';
import type { App } from '../src/extension/app.ts';
import { Projects } from '../src/extension/projects.ts';
import type { Catalog } from '../src/extension/run/catalog.ts';
import type { Runner } from '../src/extension/run/runner.ts';
import { RunStore } from '../src/extension/runs/run-store.ts';
import { RunsTree } from '../src/extension/tree/runs-tree.ts';

const EVENTS = 100;
const EVERY_MS = 200;

interface Desk { readonly tree: RunsTree; readonly runs: RunStore; dispose(): void }

function desk(): Desk {
  const projects = new Projects();
  const runs = new RunStore(projects);
  const never = new vscode.EventEmitter<void>().event;
  const app = { runs, projects } as unknown as App;
  const tree = new RunsTree(app, { peek: () => undefined, onDidChange: never } as unknown as Catalog, { waiting: () => [], onDidChange: never } as unknown as Runner, 'lineage');
  return { tree, runs, dispose: () => { for (const d of [tree, runs, projects]) d.dispose(); } };
}

/** What VS Code asks for when the view opens: the rows down to the solutions. */
function draw({ tree }: Desk): number {
  let rows = 0;
  for (const spec of tree.getChildren()) {
    tree.getTreeItem(spec);
    for (const run of tree.getChildren(spec)) {
      tree.getTreeItem(run);
      for (const s of tree.getChildren(run)) {
        tree.getTreeItem(s);
        rows++;
      }
    }
  }
  return rows;
}

const share = (since: NodeJS.CpuUsage, ms: number): number => {
  const used = process.cpuUsage(since);
  return (used.user + used.system) / 1000 / ms;
};

/** Lets another process append solutions, and tells when each was written and what this process used meanwhile. */
function append(root: string, prefix: string): Promise<{ readonly written: ReadonlyMap<string, number>; readonly cpu: number }> {
  const written = new Map<string, number>();
  let since = process.cpuUsage();
  let at = performance.now();
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [process.env['SIGIL_BENCH_WRITER'] ?? '', root, String(EVENTS), String(EVERY_MS), prefix], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('error', failed);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) {
        const [id = '', t] = line.split(' ');
        if (id === 'begin') {
          since = process.cpuUsage();
          at = performance.now();
        } else if (t !== undefined) written.set(id, Number(t));
      }
    });
    child.once('close', () => { done({ written, cpu: share(since, performance.now() - at) }); });
  });
}

export async function run(): Promise<void> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  await vscode.commands.executeCommand('sigil.runs.focus'); // the extension's own tree works along
  await new Promise((done) => setTimeout(done, 5000));

  const open: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    const d = desk();
    if (draw(d) < 50) throw new Error('the tree is empty');
    open.push(performance.now() - began);
    d.dispose();
  }

  await new Promise((done) => setTimeout(done, 2000));
  const before = process.cpuUsage();
  const began = performance.now();
  await new Promise((done) => setTimeout(done, 3000));
  const idle = share(before, performance.now() - began);
  // The extension's own tree alone first: what users pay.
  const alone = await append(root, 'alone');

  const d = desk();
  draw(d);
  const seen = new Map<string, number>();
  d.tree.onDidChangeTreeData(() => {
    const solutions = d.runs.all()[0]?.state().solutions;
    const now = Date.now();
    for (let i = seen.size; (solutions?.get(`live${i}`)?.outcome ?? null) !== null; i++) seen.set(`live${i}`, now);
    draw(d);
  });
  const { written } = await append(root, 'live');
  await new Promise((done) => setTimeout(done, 2000));
  const latency = [...written].flatMap(([id, t]) => (seen.has(id) ? [(seen.get(id) ?? t) - t] : []));
  if (latency.length < EVENTS * 0.9) throw new Error(`only ${latency.length} of ${EVENTS} events were seen`);
  const figures = process.env['SIGIL_BENCH_FIGURES'] ?? '';
  writeFileSync(`${figures}.new`, JSON.stringify({ open, latency, cpu: alone.cpu, idle }));
  renameSync(`${figures}.new`, figures);
  writeFileSync(process.env['SIGIL_TEST_REPORT'] ?? '', JSON.stringify({ passes: 1, failures: 0, pending: 0, text: '' }));
}
