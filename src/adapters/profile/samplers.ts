// How an evaluation is started so that each Python and Node process of it is sampled: by variables that the interpreters themselves read.

import { join } from 'node:path';
import { distFile, packageRoot } from '../assets.ts';
import type { ReadonlyMount } from '../sandbox/job.ts';

/** A command that sets these variables itself, or starts Python with -I, is not sampled. */
export function underSamplers(folder: string, env: Readonly<Record<string, string>>): { readonly env: Readonly<Record<string, string>>; readonly alsoReadonly: readonly ReadonlyMount[] } {
  const python = join(packageRoot(), 'python', 'sigil_profile');
  const node = distFile('node-profile.js');
  const before = (name: string, value: string, between: string): string => (env[name] === undefined || env[name] === '' ? value : `${value}${between}${env[name]}`);
  return {
    env: { SIGIL_PROFILE: folder, PYTHONPATH: before('PYTHONPATH', python, ':'), NODE_OPTIONS: before('NODE_OPTIONS', `--require ${JSON.stringify(node)}`, ' ') },
    alsoReadonly: [python, node].map((path) => ({ source: path, path })),
  };
}
