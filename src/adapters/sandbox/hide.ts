// Where a hidden path shows in the sandbox: at its own place, behind the links that lead there, and wherever else the same file is mounted.

import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { UserError } from '../../core/errors.ts';

/** A file or folder of the host (a real path), and where the sandbox shows it. */
export interface Mount {
  readonly source: string;
  readonly path: string;
}

/** Everything of the host that the sandbox shows, later mounts over earlier ones. What is in none of them stands at its own path. */
export interface Shown {
  /** The checkout. */
  readonly checkout: Mount;
  readonly mounts: readonly Mount[];
  /** Whether the sandbox shows a path of the host that is in no mount. */
  readonly isShown: (path: string) => boolean;
}

export interface Place {
  readonly path: string;
  readonly kind: 'folder' | 'file';
}

/** As many links as Linux follows. */
const MAX_LINKS = 40;

export const within = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === sep ? folder : folder + sep);

/** Where on the host a path of the sandbox is. */
function onHost(shown: Shown, path: string): { readonly host: string; readonly mount: Mount | null } {
  let mount: Mount | null = null;
  for (const m of [shown.checkout, ...shown.mounts]) if (within(path, m.path) && m.path.length >= (mount?.path.length ?? 0)) mount = m;
  return { host: mount === null ? path : join(mount.source, path.slice(mount.path.length)), mount };
}

/**
 * All places of the sandbox at which a path of the checkout shows; none where nothing is there.
 * @throws UserError when it leads out of the checkout, or over a link of the checkout's own: a candidate's build may have made that.
 */
export function placesOf(shown: Shown, path: string): readonly Place[] {
  const rest = path.split('/').filter((p) => p !== '' && p !== '.');
  if (rest.includes('..')) throw new UserError(`${path} leads out of the project`, 'Name a path inside the project.', 2);
  let at = shown.checkout.path;
  let links = 0;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const { host, mount } = onHost(shown, next);
    const stat = lstatSync(host, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (!stat.isSymbolicLink()) {
      at = next;
      continue;
    }
    if (mount === shown.checkout) throw new UserError(`${path} is to be hidden from evaluations, but is a symbolic link`, 'Hide the file or folder that it points to.', 2);
    if (++links > MAX_LINKS) return [];
    const text = readlinkSync(host);
    if (isAbsolute(text)) at = sep;
    rest.unshift(...text.split(sep).filter((p) => p !== '' && p !== '.'));
  }
  const { host } = onHost(shown, at);
  const kind = lstatSync(host).isDirectory() ? 'folder' : 'file';
  const real = realpathSync(host);
  // The same file may show in two mounts: one folder is linked at two places, or one inside the other.
  const others = [shown.checkout, ...shown.mounts].filter((m) => within(real, m.source)).map((m) => join(m.path, real.slice(m.source.length)));
  const all = [at, ...others, ...(shown.isShown(real) ? [real] : [])];
  return [...new Set(all)].filter((p) => {
    const seen = onHost(shown, p);
    return (seen.host === host || seen.host === real) && (seen.mount !== null || shown.isShown(p));
  }).map((p) => ({ path: p, kind }));
}
