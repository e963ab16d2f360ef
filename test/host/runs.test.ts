// Runs in a real host: tasks of sigil.yaml's specs, the queue, errors of sigil.yaml as problems, the tree over a real journal.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Event } from '../../src/core/events.ts';
import type { App } from '../../src/extension/app.ts';
import { SigilCli } from '../../src/extension/cli.ts';
import { Projects } from '../../src/extension/projects.ts';
import { Catalog } from '../../src/extension/run/catalog.ts';
import type { Runner } from '../../src/extension/run/runner.ts';
import { RunStore } from '../../src/extension/runs/run-store.ts';
import type { Node } from '../../src/extension/tree/nodes.ts';
import { RunsTree } from '../../src/extension/tree/runs-tree.ts';
import { extension, projectFolder, until } from './support.ts';

function eventsOf(): readonly (readonly Event[])[] {
  const ws = join(projectFolder().fsPath, '.sigil/ws');
  if (!existsSync(ws)) return [];
  return readdirSync(ws, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('journal.jsonl')).sort()
    .map((f) => readFileSync(join(ws, f), 'utf8').split('\n').filter((l) => l.endsWith('}')).map((l) => JSON.parse(l) as Event));
}

const ended = (): number => eventsOf().filter((e) => e.at(-1)?.type === 'run-ended').length;

describe('runs', function () {
  this.timeout(120_000);
  before(async () => { await extension().activate(); });

  it('offers a task for each spec, in a terminal that stays in the background', async () => {
    // On a busy machine a project may be read too late for the first question.
    const task = await until('the task', async () => (await vscode.tasks.fetchTasks({ type: 'sigil' })).find((t) => t.definition['spec'] === 'shape'), (t) => t !== undefined, 60_000);
    assert.ok(task?.execution instanceof vscode.ProcessExecution);
    assert.deepEqual(task.execution.args.slice(1, 3), ['run', 'shape']);
    assert.ok(task.isBackground);
    assert.equal(task.presentationOptions.reveal, vscode.TaskRevealKind.Silent);
    assert.equal(task.presentationOptions.focus, false);
    assert.deepEqual(task.problemMatchers, ['$sigil']);
  });

  it('starts two runs that were asked for at once one after the other', async () => {
    const before = eventsOf().length;
    const request = { project: { root: projectFolder().fsPath }, spec: 'shape' };
    const editor = vscode.window.activeTextEditor;
    await Promise.all([vscode.commands.executeCommand('sigil.run', request), vscode.commands.executeCommand('sigil.run', request)]);
    await until('two ended runs', ended, (n) => n === before + 2, 100_000);
    const [first, second] = eventsOf().slice(-2);
    assert.ok(first && second);
    assert.ok((second[0]?.t ?? 0) >= (first.at(-1)?.t ?? Infinity), 'the second began before the first had ended');
    assert.equal(vscode.window.activeTextEditor, editor, 'a run opens nothing');
  });

  it('makes a problem of an error in sigil.yaml, at its place', async () => {
    const file = vscode.Uri.joinPath(projectFolder(), 'sigil.yaml');
    const text = readFileSync(file.fsPath, 'utf8');
    writeFileSync(file.fsPath, text.replace('measure:', 'mesure:'));
    try {
      const line = text.split('\n').findIndex((l) => l.includes('measure:'));
      await vscode.commands.executeCommand('sigil.run', { project: { root: projectFolder().fsPath }, spec: 'shape' });
      const [problem] = await until('the problem', () => vscode.languages.getDiagnostics(file), (d) => d.length > 0);
      assert.match(problem?.message ?? '', /mesure/);
      assert.equal(problem?.range.start.line, line);
    } finally {
      writeFileSync(file.fsPath, text);
    }
  });

  describe('the tree', () => {
    const log = vscode.window.createOutputChannel('Sigil test', { log: true });
    const cli = new SigilCli(join(extension().extensionPath, 'dist', 'cli.js'), log, () => '');
    const projects = new Projects();
    const runs = new RunStore(projects);
    const app = { runs, projects, cli, log } as unknown as App;
    const catalog = new Catalog(cli, projects);
    const nobody = { waiting: () => [], onDidChange: new vscode.EventEmitter<void>().event } as unknown as Runner;
    const tree = new RunsTree(app, catalog, nobody, 'lineage');
    after(() => { for (const d of [tree, catalog, runs, projects, log]) d.dispose(); });

    function all(node?: Node): Node[] {
      return tree.getChildren(node).flatMap((n) => [n, ...all(n)]);
    }

    for (const sort of ['lineage', 'score'] as const) {
      it(`holds every solution of a real run once, under parents that reveal finds (${sort})`, async () => {
        await until('a run', () => runs.all().length > 0);
        tree.sort = sort;
        const nodes = all();
        assert.equal(new Set(nodes.map((n) => n.id)).size, nodes.length, 'ids are unique');
        const solutions = runs.all().reduce((n, e) => n + e.state().solutions.size - 1, 0);
        assert.equal(nodes.filter((n) => n.kind === 'solution').length, solutions);
        for (const n of nodes) {
          const parent = tree.getParent(n);
          assert.ok(tree.getChildren(parent).includes(n), `${n.id} is no child of its parent`);
          const item = tree.getTreeItem(n);
          assert.ok(item.id === n.id && item.accessibilityInformation?.label.endsWith('.'), n.id);
        }
      });
    }

    it('draws a run anew when somebody bans a solution of it, and no more than that run', async () => {
      tree.sort = 'lineage';
      const [run] = all().filter((n) => n.kind === 'run');
      const [solution] = tree.getChildren(run).filter((n) => n.kind === 'solution');
      assert.ok(run?.kind === 'run' && solution?.kind === 'solution');
      await new Promise((done) => setTimeout(done, 500)); // what the sort has changed is told
      const fired: (readonly Node[] | undefined)[] = [];
      const off = tree.onDidChangeTreeData((e) => fired.push(e));
      await cli.json(run.ref.root, ['ban', solution.ref.id, '--run', run.ref.run]);
      await until('the change', () => fired.length > 0);
      off.dispose();
      assert.ok(fired[0]?.length === 1 && [run.id, `spec ${run.ref.root}\n${run.ref.spec}`].includes(fired[0][0]?.id ?? ''));
      assert.match(String(tree.getTreeItem(solution).contextValue), /:banned/);
    });
  });
});
