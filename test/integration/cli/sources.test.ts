// Every way to say where a number comes from, the held-out command, and the project's own tools: as a user meets them, at both levels.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, eventsIn, journals, ofType, put } from './support.ts';

/** A measure command for each source, of the one knob `width`; all print or write its square. */
const SQUARE = 'w=$(sed -n \'s/^width = \\([0-9]*\\).*/\\1/p\' params.cfg); s=$((w*w))';
const SOURCES: Readonly<Record<string, { readonly metric: string; readonly measure: string; readonly more?: string }>> = {
  line: { metric: '{ name: cost, kind: count }', measure: `${SQUARE}; echo "cost: 1"; echo "cost: $s"` },
  sentence: { metric: '{ name: cost, kind: count }', measure: `${SQUARE}; echo "Final cost value = $s"` },
  stderr: { metric: '{ name: cost, kind: count }', measure: `${SQUARE}; echo "cost: $s" >&2` },
  json: { metric: '{ name: cost, kind: count, source: { json: a.cost } }', measure: `${SQUARE}; echo "{\\"a\\": {\\"cost\\": $s}}"` },
  file: { metric: '{ name: cost, kind: count, source: { file: out/result.txt } }', measure: `${SQUARE}; echo "cost: $s" > out/result.txt`, more: 'outputs: [out]' },
  jsonfile: { metric: '{ name: cost, kind: count, source: { file: out/result.json, path: all.0 } }', measure: `${SQUARE}; echo "{\\"all\\": [$s]}" > out/result.json` },
  regex: { metric: '{ name: cost, kind: count, source: { regex: "took ([0-9]+) steps" } }', measure: `${SQUARE}; echo "it took $s steps"` },
  parse: { metric: '{ name: cost, kind: count, source: { parse: "tr -d x < $SIGIL_OUTPUT" } }', measure: `${SQUARE}; echo "xx\${s}xx"` },
};

describe('where numbers come from', function () {
  this.timeout(240_000);
  let desk: Desk;
  before(() => (desk = new Desk()));
  after(async () => desk.dispose());

  const KNOB = { 'params.cfg': 'width = 8  # sigil: knob 8 1..16\n' };
  const run = async (root: string, spec: string, ...more: string[]) => {
    const r = await desk.sigil(root, ['run', spec, '--seed', '3', '--niter', '5', ...more]);
    assert.equal(r.code, 0, `${spec}: ${r.stdout}${r.stderr}`);
    const events = eventsIn(journals(root).at(-1) ?? '');
    return { events, noise: ofType(events, 'baseline')[0]?.noise, verdicts: ofType(events, 'verdict'), summary: ofType(events, 'run-ended')[0]?.summary };
  };

  for (const level of ['best', 'none'] as const) {
    it(`a cheap stage turns away before the measurement, --sandbox ${level}`, async () => {
      const root = desk.project(null, { ...KNOB, 'sigil.yaml': `version: 1\nspecs:\n  staged:\n    pins: [params.cfg]\n    cascade:\n      - command: |-\n          ${SQUARE}; echo "cost: $s"\n    measure: |-\n      ${SQUARE}; echo measured >&2; echo "cost: $s"\n    metrics: [{ name: cost, kind: count }]\n    objective: minimize cost\n` });
      const { events, noise, verdicts } = await run(root, 'staged', '--sandbox', level, '--optimizer', 'best-of-n', '--niter', '8');
      assert.deepEqual(noise?.stages, [64]);
      const away = verdicts.filter((v) => v.reason.startsWith('cascade 1: cost is '));
      assert.ok(away.length > 0 && verdicts.some((v) => v.outcome === 'kept'), verdicts.map((v) => `${v.outcome} ${v.reason}`).join('\n'));
      for (const v of away) assert.ok(v.outcome === 'discarded' && v.estimate === null && !ofType(events, 'round').some((r) => r.id === v.id), 'it was not measured');
    });

    it(`lines, JSON, files, patterns and an extra command, --sandbox ${level}`, async () => {
      const text = Object.entries(SOURCES).map(([name, s]) => `  ${name}:\n    pins: [params.cfg]\n    measure: |-\n      ${s.measure}\n    metrics: [${s.metric}]\n    objective: minimize cost\n${s.more === undefined ? '' : `    ${s.more}\n`}`).join('');
      const root = desk.project(null, { ...KNOB, 'sigil.yaml': `version: 1\nspecs:\n${text}` });
      for (const spec of Object.keys(SOURCES)) {
        const { noise, verdicts, summary } = await run(root, spec, '--sandbox', level);
        assert.equal(noise?.values['cost'], 64, spec);
        assert.equal(noise.deterministic, true, spec);
        assert.ok(verdicts.some((v) => v.outcome === 'kept' && (v.metrics['cost'] ?? 64) < 64), `${spec}: ${verdicts.map((v) => `${v.outcome} ${v.reason}`).join('; ')}`);
        assert.ok((summary?.gain?.gain ?? 0) > 0, spec);
      }
    });
  }

  it('validate lists each stage with its cost, its noise and what it lets pass, and says where it would turn away sound code', async () => {
    const shaky = 'n=$(cat /dev/urandom | head -c 4 | od -An -tu4); echo "cost: $n"';
    const stages = [`{ name: few, command: "echo cost: 64", slack: 8 }`, `{ name: shaky, command: ${JSON.stringify(shaky)} }`];
    const spec = (cascade: readonly string[]): string => `version: 1\nspecs:\n  staged:\n    pins: [params.cfg]\n${cascade.length === 0 ? '' : `    cascade:\n${cascade.map((s) => `      - ${s}\n`).join('')}`}    measure: |-\n      ${SQUARE}; echo "cost: $s"\n    metrics: [{ name: cost, kind: count, unit: MB }]\n    objective: minimize cost\n`;
    const root = desk.project(null, { ...KNOB, 'sigil.yaml': spec(stages) });
    const said = await desk.sigil(root, ['validate', 'staged']);
    assert.match(said.stdout, /✔ few: cost 64; one run takes \d.*; no noise, and what is up to 8 MB worse passes\n/);
    assert.match(said.stdout, /✗ shaky: cost .*; its own noise is \S+ MB, and what is up to 0 MB worse passes: code that is no worse would be turned away; give it a larger slack\n/);
    const { stages: listed } = await desk.json<{ stages: { name: string; metric: string; value: number; seconds: number; noise: number; slack: number; ok: boolean }[] }>(root, ['validate', 'staged']);
    assert.deepEqual(listed.map((s) => [s.name, s.metric, s.slack, s.ok, s.seconds > 0, s.noise > 0]), [['few', 'cost', 8, true, true, false], ['shaky', 'cost', 0, false, true, true]]);
    const plain = await desk.json<Record<string, unknown>>(desk.project(null, { ...KNOB, 'sigil.yaml': spec([]) }), ['validate', 'staged']);
    assert.equal(plain['stages'], undefined);
  });

  it('a number that is missing or none is a failure with its reason, never a score', async () => {
    const root = desk.project(null, { ...KNOB, 'sigil.yaml': `version: 1
specs:
  shy:
    pins: [params.cfg]
    measure: |-
      ${SQUARE}; [ $w -eq 8 ] && echo "cost: 64"; [ $w -lt 8 ] && echo "cost: nan"; true
    metrics: [{ name: cost, kind: count }]
    objective: minimize cost
` });
    const { verdicts, summary } = await run(root, 'shy');
    assert.equal(summary?.best, 'baseline');
    for (const v of verdicts.filter((x) => x.outcome !== 'duplicate' && x.outcome !== 'invalid')) {
      assert.ok(['crashed', 'suspicious'].includes(v.outcome) && v.estimate === null && v.reason.includes('cost'), `${v.outcome}: ${v.reason}`);
    }
  });

  it('what the held-out command does not bear out is not kept', async () => {
    const spec = (heldOut: string): string => `version: 1
specs:
  held:
    pins: [params.cfg]
    measure: |-
      ${SQUARE}; echo "cost: $s"
    held_out: |-
      ${heldOut}
    scope: { hidden: [secret.txt] }
    metrics: [{ name: cost, kind: count }]
    objective: minimize cost
`;
    const against = desk.project(null, { ...KNOB, 'secret.txt': '100', 'sigil.yaml': spec(`${SQUARE}; echo "cost: $(( $(cat secret.txt) - s ))"`) });
    const no = await run(against, 'held');
    assert.equal(no.summary?.best, 'baseline');
    assert.ok(no.verdicts.some((v) => /held-out/.test(v.reason)), no.verdicts.map((v) => v.reason).join('; '));
    const along = desk.project(null, { ...KNOB, 'secret.txt': '100', 'sigil.yaml': spec(`${SQUARE}; echo "cost: $(( $(cat secret.txt) + s ))"`) });
    assert.notEqual((await run(along, 'held')).summary?.best, 'baseline');
  });

  it('the virtual environment and node_modules/.bin of the project are found, though git ignores them', async () => {
    const root = desk.project(null, {
      ...KNOB, '.gitignore': 'node_modules\n.venv\n', 'sigil.yaml': `version: 1
specs:
  tools:
    pins: [params.cfg]
    gates: [ours-gate]
    measure: python measure.py
    metrics: [{ name: cost, kind: count }]
    objective: minimize cost
`, 'measure.py': 'import re, ours\nprint("cost:", ours.square(int(re.search("width = ([0-9]+)", open("params.cfg").read()).group(1))))\n',
    });
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(root, '.venv')]);
    const packages = execFileSync(join(root, '.venv', 'bin', 'python'), ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'], { encoding: 'utf8' }).trim();
    put(packages, { 'ours.py': 'def square(n):\n    return n * n\n' });
    put(root, { 'node_modules/.bin/ours-gate': '#!/bin/sh\nexit 0\n' });
    chmodSync(join(root, 'node_modules/.bin/ours-gate'), 0o755);
    for (const level of ['best', 'none']) {
      const { noise, summary } = await run(root, 'tools', '--sandbox', level);
      assert.equal(noise?.values['cost'], 64, level);
      assert.notEqual(summary?.best, 'baseline', level);
    }
  });
});
