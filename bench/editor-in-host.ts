// Runs editor-host.ts inside a real extension host, by the harness of the tests.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface HostFigures {
  /** Milliseconds, one a time that it was opened. */
  readonly open: readonly number[];
  /** Milliseconds, one an event. */
  readonly latency: readonly number[];
  /** Shares of one core: while events come, and before. */
  readonly cpu: number;
  readonly idle: number;
}

const root = resolve(__dirname, '..');

export async function measureInHost(project: string, dir: string): Promise<HostFigures | { readonly why: string }> {
  const out = join(dir, 'host');
  mkdirSync(out);
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await build({ entryPoints: [join(__dirname, 'editor-host.ts')], outfile: join(out, 'index.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], logLevel: 'warning' });
  await build({ entryPoints: [join(__dirname, 'editor-writer.ts')], outfile: join(out, 'writer.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' });
  const figures = join(dir, 'figures.json');
  interface Harness { runInHost(o: unknown): Promise<{ readonly code: number; readonly why: string }> }
  let harness: Harness;
  try {
    harness = await import(pathToFileURL(join(root, 'test/vscode/host-run.ts')).href) as Harness;
  } catch (e) {
    return { why: e instanceof Error ? e.message : String(e) };
  }
  const { code, why } = await harness.runInHost({
    extension: root, tests: join(out, 'index.js'), folder: project, report: join(dir, 'report.json'), timeoutSeconds: 150, evidence: join(root, 'bench/out/editor-failed'),
    env: { SIGIL_BENCH_FIGURES: figures, SIGIL_BENCH_WRITER: join(out, 'writer.js') },
  });
  return existsSync(figures) ? JSON.parse(readFileSync(figures, 'utf8')) as HostFigures : { why: `${why} (${code})` };
}
