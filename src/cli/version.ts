// This package's version.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../adapters/assets.ts';

export function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
