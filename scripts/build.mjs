// Builds dist/: the CLI, the runners, the extension, its webview, the grammars. `node scripts/build.mjs [--watch]`
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringNode } from './node.mjs';
import { notices, packagesOf } from './notices.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const { context } = await import('esbuild');

// The grammars come as .wasm in the official packages; their native builds are never made.
const grammars = {
  'tree-sitter-python': ['tree-sitter-python.wasm'],
  'tree-sitter-javascript': ['tree-sitter-javascript.wasm'],
  'tree-sitter-typescript': ['tree-sitter-typescript.wasm', 'tree-sitter-tsx.wasm'],
  'tree-sitter-go': ['tree-sitter-go.wasm'],
  'tree-sitter-rust': ['tree-sitter-rust.wasm'],
  'tree-sitter-java': ['tree-sitter-java.wasm'],
  'tree-sitter-c': ['tree-sitter-c.wasm'],
  'tree-sitter-cpp': ['tree-sitter-cpp.wasm'],
};
mkdirSync('dist/grammars', { recursive: true });
for (const [pkg, files] of Object.entries(grammars))
  for (const file of files) cpSync(join('node_modules', pkg, file), join('dist/grammars', file));
cpSync('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/grammars/web-tree-sitter.wasm');

const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked', logLevel: 'warning', legalComments: 'none', metafile: true };
// The providers' SDKs are most of what a model run needs and nothing of what other commands do: a bundle of their own, loaded by the one import() of it.
const lazy = { name: 'lazy', setup: (build) => build.onResolve({ filter: /\/models\/sdk\.ts$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './models.js', external: true } : undefined)) };
const entries = [
  // No external 'vscode' here: a stray import of it in any room but extension/ fails the build.
  { ...common, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', minifySyntax: true, minifyWhitespace: true, banner: { js: '#!/usr/bin/env node' }, plugins: [lazy] },
  { ...common, entryPoints: ['src/adapters/models/sdk.ts'], outfile: 'dist/models.js', minifySyntax: true, minifyWhitespace: true },
  { ...common, entryPoints: ['src/adapters/sandbox/runner.ts'], outfile: 'dist/runner.js' },
  { ...common, entryPoints: ['src/adapters/profile/node-preload.ts'], outfile: 'dist/node-profile.js' },
  { ...common, entryPoints: ['src/adapters/call/js-runner.ts'], outfile: 'dist/js-runner.js' },
  { ...common, entryPoints: ['src/extension/extension.ts'], outfile: 'dist/extension.js', target: 'node22', external: ['vscode'], minifySyntax: true },
  { ...common, entryPoints: ['webview/main.ts'], outfile: 'dist/webview/main.js', platform: 'browser', format: 'iife', target: 'chrome128', minify: true, sourcemap: false, loader: { '.ttf': 'file' }, assetNames: '[name]' },
].filter((e) => e.entryPoints.every((p) => existsSync(p)));

const watch = process.argv.includes('--watch');
const bundled = new Set(['web-tree-sitter', ...Object.keys(grammars)].map((p) => `node_modules/${p}`));
for (const options of entries) {
  const c = await context(options);
  const { metafile } = await c.rebuild();
  for (const p of packagesOf(Object.keys(metafile.inputs))) bundled.add(p);
  if (watch) await c.watch();
  else await c.dispose();
}
writeFileSync('dist/third-party-notices.txt', notices([...bundled]));
if (existsSync('dist/cli.js')) chmodSync('dist/cli.js', 0o755);
if (!watch && existsSync('dist/cli.js') && existsSync('src/protocol/spec-file.ts')) execFileSync(process.execPath, ['dist/cli.js', 'print-schema'], { stdio: ['ignore', 'ignore', 'inherit'] });
await bringNode();
