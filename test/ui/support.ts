// What UI tests share: a workbench that is started before and closed after, pictures of failures, and the project folders.
//
//   const wb = useWorkbench({ folder: example('python-log-report') });
//   it('…', async () => { await wb().openFile('logreport/report.py'); await wb().codeLens('Optimize').click(); });
//
// The extension is the package that SIGIL_TEST_VSIX names (`npm test -- ui` makes one), else this folder as `npm run build` left it.

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Workbench, type LaunchOptions } from '../vscode/workbench.ts';
import { keepEvidence } from '../vscode/session.ts';

export const root = resolve(import.meta.dirname, '../..');

/** Where pictures go: `SIGIL_TEST_PICTURES`, or bench/out/pictures, which git ignores. */
export const pictures = resolve(process.env['SIGIL_TEST_PICTURES'] ?? join(root, 'bench/out/pictures'));

export const example = (name: string): string => join(root, 'examples', name);
export const fixture = (name: string): string => join(root, 'test/fixtures/projects', name);

/** What is tested: the package, or the built folder. */
export function extensionUnderTest(): string {
  return process.env['SIGIL_TEST_VSIX'] ?? root;
}

/** Starts a workbench with the extension. Most tests want useWorkbench(). */
export async function openWorkbench(options: LaunchOptions = {}): Promise<Workbench> {
  return Workbench.launch({ extension: extensionUnderTest(), ...options });
}

/** A workbench for the tests of the enclosing describe(): one for all of them. */
export function useWorkbench(options: LaunchOptions | (() => LaunchOptions) = {}): () => Workbench {
  let wb: Workbench | undefined;
  before(async function () {
    this.timeout(180_000);
    wb = await openWorkbench(typeof options === 'function' ? options() : options);
  });
  afterEach(async function () {
    const test = this.currentTest;
    if (!wb || test?.state !== 'failed') return;
    const into = join(pictures, `failed-${test.fullTitle().replace(/\W+/g, '-').slice(0, 90)}`);
    await keepEvidence(wb.session, wb.page, into);
    await wb.notifications().then((all) => { console.log(`notifications: ${JSON.stringify(all)}`); }, () => undefined);
  });
  after(async () => { await wb?.close(); });
  return () => {
    if (!wb) throw new Error('the workbench did not start');
    return wb;
  };
}

/** Runs of a spec in a project folder, as their journals lie on disk. */
export function journals(folder: string): readonly string[] {
  const ws = join(folder, '.sigil/ws');
  if (!existsSync(ws)) return [];
  return readdirSync(ws, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('journal.jsonl')).map((f) => join(ws, f)).sort();
}

mkdirSync(pictures, { recursive: true });
