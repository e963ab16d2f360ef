// Lets Node load a project's sources as its own tools would: TypeScript and JSX stripped by sucrase, imports without extension and
// `.js` imports of `.ts` files and aliases of tsconfig.json found, the module format decided by syntax; and hands out chosen top-level names of chosen files.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'sucrase';
import { aliased } from './aliases.ts';
import { parse } from 'sucrase/dist/parser';
import { TokenType } from 'sucrase/dist/parser/tokenizer/types';

interface Resolved { url: string; format?: string | null; shortCircuit?: boolean; importAttributes?: Record<string, string> }
interface Loaded { format: string; source: string | Uint8Array | null; shortCircuit?: boolean }
interface ResolveContext { parentURL?: string; importAttributes: Record<string, string> }
interface Hooks {
  resolve(specifier: string, context: ResolveContext, next: (s: string, c?: ResolveContext) => Resolved): Resolved;
  load(url: string, context: { format?: string | null }, next: (u: string, c?: object) => Loaded): Loaded;
}
/** In Node from 22.15; the types are those of an older Node. */
const { registerHooks } = nodeModule as unknown as { registerHooks: (hooks: Hooks) => void };

const SOURCES = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** What an import that ends so may mean in a TypeScript project. */
const TWINS: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx', '.jsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] };

/** The receiver of exposed names: `(file number, values)`. */
export const PIN = Symbol.for('sigil.pin');

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The file that a relative import means although Node does not find it; undefined when there is none. */
export function guessFile(path: string): string | undefined {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const tries = [...(TWINS[extension] ?? []).map((e) => stem + e), ...SOURCES.map((e) => path + e), ...SOURCES.map((e) => join(path, `index${e}`)), join(path, 'index.json')];
  return tries.find(isFile);
}

/** The first of some paths that is a source file, as it stands or with what an import leaves out. */
function firstSource(paths: readonly string[]): Resolved | undefined {
  for (const path of paths) {
    const file = isFile(path) ? path : guessFile(path);
    if (file !== undefined && !/\.d\.[mc]?ts$/.test(file)) return { url: pathToFileURL(realpathSync(file)).href, shortCircuit: true };
  }
  return undefined;
}

/** The nearest package.json's type. */
function packageType(path: string): string | undefined {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const file = join(dir, 'package.json');
    if (existsSync(file)) {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type;
      } catch {
        return undefined;
      }
    }
    if (dirname(dir) === dir) return undefined;
  }
}

/** Whether a source has an import or export statement or import.meta (`import x = require()` and `export =` are not). Null: syntax error. */
export function hasModuleSyntax(source: string, extension: string): boolean | null {
  if (!/\b(?:import|export)\b/.test(source)) return false;
  const typescript = /^\.[mc]?tsx?$/.test(extension);
  try {
    const { tokens } = parse(source, extension.endsWith('x') || !typescript, typescript, false);
    return tokens.some((token, i) => {
      const next = tokens[i + 1];
      if (next === undefined) return false;
      // In an expression sucrase takes `import` of import.meta for a name.
      const text = (k: number): string => source.slice(tokens[k]?.start, tokens[k]?.end);
      if (text(i) === 'import' && text(i + 1) === '.' && text(i + 2) === 'meta' && text(i - 1) !== '.') return true;
      if (token.type === TokenType._export) return next.type !== TokenType.eq;
      if (token.type !== TokenType._import || next.type === TokenType.parenL) return false;
      return !(next.type === TokenType.name && tokens[i + 2]?.type === TokenType.eq);
    });
  } catch {
    return null;
  }
}

/** `module` or `commonjs` of a source file: by extension, else by syntax, else by package.json. */
export function formatOf(path: string, source: string): 'module' | 'commonjs' {
  const extension = extname(path);
  if (extension === '.mjs' || extension === '.mts') return 'module';
  if (extension === '.cjs' || extension === '.cts') return 'commonjs';
  return hasModuleSyntax(source, extension) === true || packageType(path) === 'module' ? 'module' : 'commonjs';
}

/** JavaScript of the same lines. Throws sucrase's SyntaxError. */
export function strip(path: string, source: string, format: 'module' | 'commonjs'): string {
  const extension = extname(path);
  const typescript = /^\.[mc]?tsx?$/.test(extension);
  const jsx = extension.endsWith('x');
  let code = source;
  if (typescript || jsx)
    code = transform(source, {
      transforms: [...(typescript ? ['typescript' as const] : []), ...(jsx ? ['jsx' as const] : [])], disableESTransforms: true, filePath: path,
      ...(jsx ? jsxOptions(path, source) : {}),
    }).code;
  // TypeScript written as modules but compiled to CommonJS may use what only CommonJS has.
  if (format === 'module' && typescript && /\b(?:require|__dirname|__filename)\b/.test(code) && !/\b(?:const|let|var|function)\s+\{?\s*(?:require|__dirname|__filename)\b/.test(code) && !/\bimport\b.*\brequire\b/.test(code))
    code = `import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname; ${code.replace(/^#!.*/, '')}`;
  return code;
}

/** JSX as the project's tsconfig.json says: with the automatic runtime unless it asks for the classic one. */
function jsxOptions(path: string, source: string): { jsxRuntime: 'classic' | 'automatic'; production: boolean } {
  if (/@jsxRuntime\s+classic/.test(source)) return { jsxRuntime: 'classic', production: true };
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const file = join(dir, 'tsconfig.json');
    if (existsSync(file)) return { jsxRuntime: /"jsx"\s*:\s*"react"/.test(readFileSync(file, 'utf8')) ? 'classic' : 'automatic', production: true };
    if (dirname(dir) === dir) return { jsxRuntime: 'automatic', production: true };
  }
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A line that gives top-level names, where they exist, to the receiver of file `id`. A space of the project's own names is not entered. */
export function exposing(id: number, names: readonly string[]): string {
  const values = names.map((n) => (IDENTIFIER.test(n) && n !== 'default' ? `typeof ${n}==='undefined'?undefined:${n}` : 'undefined'));
  return `\n;globalThis[Symbol.for('sigil.pin')]?.(${id},[${values.join(',')}]);\n`;
}

/** Installs the hooks. `exposed`: by real path, the number of the file and the top-level names that it hands out. */
export function installHooks(exposed: ReadonlyMap<string, { readonly id: number; readonly names: readonly string[] }>): void {
  registerHooks({
    resolve(specifier, context, next) {
      let found: Resolved | undefined;
      const from = context.parentURL?.startsWith('file:') === true ? fileURLToPath(context.parentURL) : null;
      const alias = from === null ? { sure: [], otherwise: [] } : aliased(specifier, from);
      const named = firstSource(alias.sure);
      try {
        found = named ?? next(specifier, context);
      } catch (error) {
        const relative = /^(?:\.\.?(?:\/|$)|\/|file:)/.test(specifier);
        const base = relative ? new URL(specifier, context.parentURL ?? pathToFileURL('/').href) : undefined;
        found = firstSource(base?.protocol === 'file:' ? [fileURLToPath(base)] : alias.otherwise);
        if (found === undefined) throw error;
      }
      // Bundlers and tsc take JSON without an attribute.
      if (found.url.endsWith('.json') && context.importAttributes['type'] === undefined) found = { ...found, importAttributes: { type: 'json' } };
      return found;
    },
    load(url, context, next) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : '';
      const extension = extname(path);
      if (path === '' || !SOURCES.includes(extension)) return next(url, context);
      const pin = exposed.get(path);
      if (pin === undefined && extension.includes('js') && path.includes('/node_modules/')) return next(url, context);
      const source = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
      const format = formatOf(path, source);
      const code = strip(path, source, format);
      return { format, source: pin === undefined ? code : code + exposing(pin.id, pin.names), shortCircuit: true };
    },
  });
}
