// Writes the JSON Schema of sigil.yaml, which editors use for completion.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { packageRoot } from '../adapters/assets.ts';
import { specFileSchema } from '../protocol/spec-file.ts';

/** The schema as text, ending in a newline. */
export function schemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(specFileSchema, { io: 'input' }), null, 2)}\n`;
}

export function writeSchema(): void {
  const dir = join(packageRoot(), 'schema');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'sigil.schema.json'), schemaText());
}
