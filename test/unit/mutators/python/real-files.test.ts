// Every rewrite on real files of the Python standard library: no exception, edits inside pins, no overlap, and results that still compile.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pythonRewrites } from '../../../../src/adapters/mutators/catalogue/python/all.ts';
import type { Site } from '../../../../src/adapters/mutators/catalogue/rewrite.ts';
import { applyEdits, withContext } from './harness.ts';

const names = ['argparse', 'ast', 'calendar', 'cmd', 'configparser', 'csv', 'difflib', 'doctest', 'fractions', 'gettext', 'heapq', 'inspect', 'json/decoder', 'mailbox', 'pickle', 'pprint', 'shlex', 'statistics', 'string', 'tarfile', 'textwrap', 'tokenize', 'traceback', 'zipfile'];

/** The text with other indentation or line ends. */
const variants: readonly ((text: string) => string)[] = [(t) => t, (t) => t.replaceAll('\n', '\r\n')];

describe('the Python catalogue on real files', function () {
  this.timeout(240_000);
  it('never throws, stays inside the pins, and leaves code that compiles', async () => {
    const lib = dirname(spawnSync('python3', ['-c', 'import os; print(os.__file__)'], { encoding: 'utf8' }).stdout.trim());
    const results: { from: string; text: string }[] = [];
    let total = 0;
    const used = new Set<string>();
    for (const [i, name] of names.entries()) {
      const text = (variants[i % 2] ?? ((t: string): string => t))(readFileSync(join(lib, `${name}.py`), 'utf8').replaceAll('\r\n', '\n'));
      await withContext(text, (context) => {
        const taken: Site[] = [];
        for (const r of pythonRewrites) {
          for (const site of r.find(context)) {
            total++;
            used.add(r.id);
            const pin = context.pins.find((p) => site.edits.every((e) => p.start <= e.start && e.end <= p.end));
            assert.ok(pin, `${r.id} leaves its pin in ${name}: ${site.summary}`);
            const sorted = [...site.edits].sort((a, b) => a.start - b.start);
            for (const [k, e] of sorted.entries()) assert.ok(e.start <= e.end && (k === 0 || sorted[k - 1]!.end <= e.start), `${r.id} overlaps in ${name}`);
            const after = applyEdits(text, site.edits);
            assert.notEqual(after, text);
            if (text.includes('\r\n')) assert.ok(!/[^\r]\n/.test(after), `${r.id} mixes line ends in ${name}`);
            // Each alone is compiled for a few; all of them together, one a function, for the rest.
            if (taken.length % 5 === 0) results.push({ from: `${name} ${r.id}: ${site.summary}`, text: after.slice(pin.start, after.length - (text.length - pin.end)) });
            taken.push(site);
          }
        }
        let merged = text;
        let upTo = Infinity;
        for (const s of taken.sort((a, b) => b.edits.at(-1)!.end - a.edits.at(-1)!.end)) {
          if (s.edits.at(-1)!.end >= upTo) continue;
          merged = applyEdits(merged, s.edits);
          upTo = s.edits[0]!.start;
        }
        results.push({ from: `${name} merged`, text: merged });
      });
    }
    const check = `
import json, sys, textwrap, warnings
warnings.simplefilter("ignore")
bad = []
for r in json.load(sys.stdin):
    text = r["text"]
    first = text.split("\\n")[0]
    try:
        try:
            compile(text, "x", "exec")
        except IndentationError:
            # A method's text starts at its def: give the first line a home.
            lines = text.split("\\n")
            body = next((l for l in lines[1:] if l.strip()), "")
            compile("class X:\\n" + next(p for p in (" " * k for k in range(4, 17, 4))) + text, "x", "exec")
    except SyntaxError as e:
        bad.append(r["from"] + ": " + str(e))
print(json.dumps(bad))
`;
    const p = spawnSync('python3', ['-c', check], { input: JSON.stringify(results), encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(p.status, 0, p.stderr);
    assert.deepEqual(JSON.parse(p.stdout), []);
    assert.ok(total > 50 && used.size >= 9, `${total} sites of ${used.size} rewrites`);
    if (process.env['SIGIL_TEST_VERBOSE']) console.log(`${total} sites, ${[...used].join(' ')}`);
  });
});
