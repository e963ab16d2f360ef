// What the known ecosystems keep in ignored folders: dependencies to link, build folders that are outputs, caches that are nobody's work.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Dependency folders that are linked wherever they stand untracked. */
const DEPENDENCIES = new Set(['node_modules', '.venv', 'bower_components', '.bundle', 'vcpkg_installed']);
/** Dependency folders only where git ignores them (or where there is no git): these names are also used for sources. */
const IGNORED_DEPENDENCIES = new Set(['vendor', 'venv', 'env', 'virtualenv', '.yarn/cache', '.yarn/unplugged', '.pnp.cjs', '.pnp.loader.mjs']);

/** Folders that tools fill as a side effect. Bytecode and caches are never taken over and never shared between solutions. */
const CACHES = new Set(['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis', '.ipynb_checkpoints', '.nyc_output', '.cache', '.vite', '.tmp']);

/** Build folders by the file that stands beside them. */
const BUILDS: readonly (readonly [marker: string, folder: string])[] = [
  ['Cargo.toml', 'target'], ['pom.xml', 'target'], ['build.sbt', 'target'],
  ['build.gradle', 'build'], ['build.gradle.kts', 'build'], ['CMakeLists.txt', 'build'], ['meson.build', 'builddir'], ['dune-project', '_build'],
];

const tail = (path: string, parts: number): string => path.split('/').slice(-parts).join('/');

/** The shortest prefix of an untracked path that is a dependency folder in any case. */
export function dependencyPrefix(path: string): string | null {
  const parts = path.split('/');
  const at = parts.findIndex((p) => DEPENDENCIES.has(p));
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}

/** Whether an ignored path (no trailing slash) holds dependencies that every checkout may share. `isVenv`: has a pyvenv.cfg. */
export function isDependency(path: string, isVenv: (path: string) => boolean): boolean {
  const name = tail(path, 1);
  if (DEPENDENCIES.has(name)) return true;
  if (name === 'env' || name === 'venv' || name === 'virtualenv') return isVenv(path);
  return IGNORED_DEPENDENCIES.has(name) || IGNORED_DEPENDENCIES.has(tail(path, 2));
}

/** Whether any part of a path is a bytecode folder. */
export function isBytecode(path: string): boolean {
  return path.includes('__pycache__') && path.split('/').includes('__pycache__');
}

/** Whether a folder name is that of a tool's cache. */
export function isCacheName(name: string): boolean {
  return CACHES.has(name);
}

/** Build folders that this project's files suggest, from the project root. */
export function suggestedOutputs(projectRoot: string): readonly string[] {
  return [...new Set(BUILDS.filter(([marker]) => existsSync(join(projectRoot, marker))).map(([, folder]) => folder))];
}
