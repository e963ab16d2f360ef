// The packaged extension: what is in it, and that its command works where users have it installed.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readZip, type Entry } from './zip.ts';

const root = resolve(import.meta.dirname, '../..');
const vsix = process.env['SIGIL_TEST_VSIX'] ?? assert.fail('SIGIL_TEST_VSIX names no package: `npm test -- package` makes one');

/** What may be in the package, and nothing else. */
const ALLOWED: readonly RegExp[] = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/, /^(readme|changelog)\.md$/, /^LICENSE\.txt$/,
  /^dist\/(cli|runner|js-runner|node-profile|models|extension)\.js$/, /^dist\/third-party-notices\.txt$/, /^dist\/grammars\/[\w-]+\.wasm$/, /^dist\/webview\/[\w-]+\.(js|css|ttf)$/,
  /^python\/sigil_(runtime|profile)\/\w+\.py$/, /^examples\/[\w-]+\/[\w./-]+$/, /^schema\/sigil\.schema\.json$/,
  /^media\/([\w-]+\/)*[\w-]+\.(svg|png|md)$/, /^docs\/[\w-]+\.(png|md)$/,
];

const NEEDED: readonly string[] = [
  'package.json', 'package.nls.json', 'readme.md', 'changelog.md', 'LICENSE.txt', 'dist/cli.js', 'dist/runner.js', 'dist/js-runner.js', 'dist/models.js', 'dist/extension.js', 'dist/webview/main.js',
  ...['web-tree-sitter', ...['c', 'cpp', 'go', 'java', 'javascript', 'python', 'rust', 'tsx', 'typescript'].map((l) => `tree-sitter-${l}`)].map((g) => `dist/grammars/${g}.wasm`),
  'python/sigil_runtime/call_runner.py', 'python/sigil_profile/sitecustomize.py', 'dist/node-profile.js', 'examples/python-log-report/sigil.yaml', 'examples/typescript-sales-report/sigil.yaml', 'schema/sigil.schema.json', 'media/icon.png', 'media/sigil.svg',
];

describe('the package', () => {
  let files: ReadonlyMap<string, Entry>;
  before(() => { files = new Map(readZip(vsix).filter((e) => e.name.startsWith('extension/')).map((e) => [e.name.slice('extension/'.length), e])); });

  it('holds what is allowed and nothing else', () => {
    assert.deepEqual([...files.keys()].filter((f) => !ALLOWED.some((a) => a.test(f))), []);
    assert.deepEqual(NEEDED.filter((f) => !files.has(f)), []);
    for (const f of files.keys()) assert.doesNotMatch(f, /node_modules|__pycache__|\.map$|(^|\/)\.(?!gitignore)/);
  });

  it('has the licences of what is bundled: each grammar, and each package that a bundle names', () => {
    const text = files.get('dist/third-party-notices.txt')?.content().toString() ?? '';
    const named = new Set([...text.matchAll(/^(\S+) \d\S* \(\S+\)$/gm)].map((m) => m[1] ?? ''));
    const grammars = [...files.keys()].flatMap((f) => /^dist\/grammars\/([\w-]+)\.wasm$/.exec(f)?.[1] ?? []).map((g) => g.replace('-tsx', '-typescript'));
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
    assert.deepEqual([...grammars, ...Object.keys(dependencies ?? {})].filter((p) => !named.has(p)), []);
    assert.match(text, /Permission is hereby granted, free of charge/);
  });

  it('takes at most 5 MB', () => {
    assert.ok(statSync(vsix).size <= 5_000_000, `${statSync(vsix).size} bytes`);
  });

  it('has the files of this folder, without pointers to source maps', () => {
    for (const [name, entry] of files) {
      if (!/^(python|examples|schema|media)\//.test(name)) continue;
      assert.ok(entry.content().equals(readFileSync(join(root, name))), name);
    }
    for (const name of ['dist/cli.js', 'dist/models.js', 'dist/extension.js', 'dist/webview/main.js']) assert.doesNotMatch(files.get(name)?.content().toString() ?? '', /[#@] sourceMappingURL=\S+\.map/, name);
  });

  it('has a page for the marketplace: icon, banner, categories, and pictures that are there', () => {
    const manifest = JSON.parse(files.get('package.json')?.content().toString() ?? '') as { icon: string; galleryBanner: { color: string }; categories: string[]; scripts?: unknown };
    const icon = files.get(manifest.icon)?.content() ?? Buffer.alloc(0);
    assert.equal(icon.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [256, 256]);
    assert.match(manifest.galleryBanner.color, /^#[0-9a-f]{6}$/);
    assert.ok(manifest.categories.length > 0);
    assert.equal(manifest.scripts, undefined);
    const readme = files.get('readme.md')?.content().toString() ?? '';
    for (const [, path = ''] of readme.matchAll(/!\[[^\]]*\]\((?!https:)([^)]+)\)/g)) assert.ok(files.has(path), `README shows ${path}`);
  });
});
