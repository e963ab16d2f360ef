// The licences of what is bundled: their texts must go where the code goes.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The package folders of an esbuild's inputs: `node_modules/a`, `node_modules/@b/c`. */
export function packagesOf(inputs) {
  return [...new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))];
}

/** One text for all of them. Throws where a package has no licence to show. */
export function notices(folders) {
  const parts = folders.map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((f) => /^(licen[cs]e|copying)(\.|$)/i.test(f));
    if (typeof license !== 'string') throw new Error(`${folder}/package.json names no licence`);
    const by = typeof author === 'string' ? author : author?.name;
    const text = file === undefined ? `Copyright ${by ?? 'its authors'}. The package itself holds no text of its licence.` : readFileSync(join(folder, file), 'utf8').trim();
    return { name, head: `${name} ${version} (${license})`, text };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return `Sigil holds code of these packages.\n\n${parts.map((p) => `${'='.repeat(80)}\n${p.head}\n${'='.repeat(80)}\n\n${p.text}\n`).join('\n')}`;
}
