// What the extension costs while one edits: its activation, and code lenses on files of up to 100,000 lines, in a real extension host.
//
//   npx tsx bench/lenses.ts [--write]
//
// The host opens an empty folder, so that nothing activates the extension but the bench (test/host/lens-times.ts). Lenses are asked for through
// VS Code's own command, each time after an edit: the figures hold the way to the window and back. `npm run build` first; VS Code as in
// `npm test -- host`.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { machineLine, quantile } from './machine.ts';

/** As test/host/lens-times.ts writes it. */
interface LensTimes {
  readonly vscode: string;
  readonly loadMs: number;
  readonly activateMs: number;
  readonly askedMs: number;
  readonly lenses: Readonly<Record<string, readonly number[]>>;
}

const ROOT = join(__dirname, '..');
const PAGE = join(__dirname, 'results', 'editor.md');
const RUNS = 3;
const LIMITS: Readonly<Record<string, number>> = { '10000': 50, '100000': 300 };

async function once(): Promise<LensTimes> {
  const work = mkdtempSync(join(tmpdir(), 'sigil-lenses-'));
  const out = join(ROOT, '.tsbuild/lens-times');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await build({ entryPoints: [join(ROOT, 'test/host/lens-times.ts')], outfile: join(out, 'run.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], logLevel: 'warning' });
  const folder = join(work, 'empty');
  mkdirSync(folder);
  const report = join(work, 'report.json');
  const executable = process.env['SIGIL_TEST_VSCODE_EXECUTABLE'] ?? join(ROOT, 'test/vscode/code');
  try {
    await runTests({ ...(existsSync(executable) ? { vscodeExecutablePath: executable } : {}), extensionDevelopmentPath: ROOT, extensionTestsPath: join(out, 'run.js'), launchArgs: [folder], extensionTestsEnv: { SIGIL_TEST_REPORT: report } });
    return JSON.parse(readFileSync(report, 'utf8')) as LensTimes;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Replaces one section of the page, which other benches write too. */
function writeSection(title: string, text: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '# The extension in the editor\n';
  const sections = page.split(/^(?=## )/m).filter((s) => !s.startsWith(`## ${title}\n`));
  writeFileSync(PAGE, `${[...sections, `## ${title}\n\n${text}`].map((s) => s.trim()).join('\n\n')}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const all: LensTimes[] = [];
  for (let i = 0; i < RUNS; i++) all.push(await once());
  const ms = (x: number): string => x.toFixed(x < 10 ? 1 : 0);
  const row = (what: string, times: readonly number[], limit: number | undefined): string => `| ${what} | ${ms(quantile(times, 0.5))} | ${ms(Math.max(...times))} | ${limit ?? ''} |`;
  const rows = [
    row(`the extension's own code at activation (${RUNS} hosts)`, all.map((t) => t.loadMs + t.activateMs), 50),
    row('… its bundle read and evaluated', all.map((t) => t.loadMs), undefined), row('… its activate()', all.map((t) => t.activateMs), undefined),
    row('activation as VS Code does it, its own messages with it', all.map((t) => t.askedMs), undefined),
  ];
  for (const lines of Object.keys(all[0]?.lenses ?? {})) rows.push(row(`lenses, ${Number(lines).toLocaleString('en')} lines, 20 marks`, all.flatMap((t) => t.lenses[lines] ?? []), LIMITS[lines]));
  const text = `${machineLine()} VS Code ${all[0]?.vscode ?? ''}.

Milliseconds; a question for lenses holds the way to the window and back, after an edit.\n\n    npm run build && npx tsx bench/lenses.ts --write\n\n| what | median | worst | limit |\n| --- | ---: | ---: | ---: |\n${rows.join('\n')}\n`;
  console.log(text);
  if (values.write) writeSection('Activation and code lenses', text);
}

void main();
