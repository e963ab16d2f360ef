// The bundled examples as a user meets them: copied, validated, searched for a few evaluations, looked at, accepted.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from '../../src/adapters/call/node-path.ts';
import type { Event } from '../../src/core/events.ts';
import { BASELINE } from '../../src/core/solution.ts';
import { Desk, ofType, put, untouchable } from './cli/support.ts';

interface Example {
  readonly name: string;
  readonly spec: string;
  readonly pin: string;
  /** What it needs beside Node. */
  readonly tool: string | null;
  /** Of the search: few evaluations, and where a time is measured a limit after which no new one begins. */
  readonly run: readonly string[];
  /** What notices a failure that is planted in the pin. */
  readonly notices: string;
  /** Its own tests and its own benchmark, as its README says them; each prints the number that it is about. */
  readonly own: readonly (readonly string[])[];
  readonly benchmark: { readonly command: readonly string[]; readonly prints: RegExp };
}

const COMPILE = 'g++ -O2 -std=c++17 -o';
const EXAMPLES: readonly Example[] = [
  {
    name: 'config-tuning', spec: 'settings', pin: 'settings.ini', tool: null, run: ['--niter', '6', '--seed', '3'], notices: 'settings',
    own: [[process.execPath, 'test/settings.mjs']], benchmark: { command: [process.execPath, 'simulate.mjs'], prints: /^cost: ([\d.]+)$/m },
  },
  {
    name: 'cpp-blur', spec: 'blur', pin: 'blur.cpp#blur', tool: 'g++', run: ['--niter', '3', '--time', '240s', '--seed', '1'], notices: 'build',
    own: [['sh', '-c', `mkdir -p build && ${COMPILE} build/check check.cpp blur.cpp && build/check`]],
    benchmark: { command: ['sh', '-c', `${COMPILE} build/benchmark benchmark.cpp blur.cpp && build/benchmark`], prints: /^time_ms: ([\d.]+)$/m },
  },
  {
    name: 'python-log-report', spec: 'log-report', pin: 'logreport/report.py#daily_report', tool: 'python3', run: ['--niter', '3', '--time', '240s', '--seed', '2'], notices: 'unit tests',
    own: [['python3', '-m', 'unittest', '-q']], benchmark: { command: ['python3', 'benchmark.py'], prints: /^time_ms: ([\d.]+)$/m },
  },
  {
    name: 'typescript-sales-report', spec: 'sales-report', pin: 'src/report.ts#salesReport', tool: null, run: ['--niter', '3', '--time', '240s', '--seed', '2'], notices: 'results',
    own: [[findNode(), 'test/report.test.ts']], benchmark: { command: [findNode(), 'bench/report.ts'], prints: /^time_ms: ([\d.]+)$/m },
  },
];

const EXAMPLES_DIR = join(__dirname, '..', '..', 'examples');
const usable = (tool: string | null): boolean => tool === null || spawnSync(tool, ['--version']).status === 0;

function output(root: string, [program = '', ...args]: readonly string[]): string {
  const r = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, timeout: 120_000 });
  assert.equal(r.status, 0, `${program} ${args.join(' ')}: ${r.error?.message ?? ''}\n${r.stdout}${r.stderr}`);
  return r.stdout;
}

describe('the examples', function () {
  this.timeout(600_000);
  let desk: Desk;
  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());

  it('are all tested here, and listed with what they show', async () => {
    const { examples } = await desk.json<{ examples: { name: string; summary: string }[] }>(desk.folder, ['new', '--list']);
    assert.deepEqual(examples.map((e) => e.name).sort(), EXAMPLES.map((e) => e.name));
    assert.deepEqual(readdirSync(EXAMPLES_DIR).sort(), EXAMPLES.map((e) => e.name), 'a folder without a sigil.yaml is no example');
    for (const e of examples) assert.match(e.summary, /^[A-Z].{40,160}\.$/, e.name);
  });

  for (const e of EXAMPLES) {
    it(`${e.name}: validates, runs, and what it finds can be applied`, async function () {
      if (!usable(e.tool)) {
        assert.ok(process.env['CI'] === undefined, `${e.tool ?? ''} is missing; CI must have it`);
        console.warn(`\n      NOT TESTED: the example ${e.name} needs ${e.tool ?? ''}, which this machine lacks`);
        this.skip();
      }
      const root = join(desk.folder, e.name);
      assert.equal((await desk.json<{ example: string }>(desk.folder, ['new', e.name, '-e', e.name])).example, e.name);
      desk.git(root, 'init', '-q');
      desk.git(root, 'add', '.');
      desk.git(root, 'commit', '-qm', 'the example');
      const before = untouchable(root);

      const valid = await desk.json<{ ok: boolean; checked: boolean; missing: unknown[]; pins: string[]; planted: { pin: string; by: string | null }[] }>(root, ['validate', e.spec]);
      assert.deepEqual([valid.ok, valid.checked, valid.missing, valid.pins], [true, true, [], [e.pin]]);
      assert.deepEqual(valid.planted.map((p) => [p.pin, p.by]), [[e.pin, e.notices]]);

      const ran = await desk.sigil(root, ['run', e.spec, '--json', ...e.run]);
      assert.equal(ran.code, 0, ran.stderr);
      const events = ran.stdout.trim().split('\n').map((line) => JSON.parse(line) as Event);
      const summary = ofType(events, 'run-ended').at(-1)?.summary;
      assert.equal(events.at(-1)?.type, 'run-ended');
      assert.ok(summary && summary.evaluations >= 1, 'nothing was evaluated');
      for (const v of ofType(events, 'verdict')) assert.ok(!['infra-error', 'suspicious'].includes(v.outcome), `${v.outcome}: ${v.reason}`);

      const { solutions } = await desk.json<{ solutions: { id: string; outcome: string }[] }>(root, ['inspect-solutions', e.spec]);
      assert.equal(solutions.length > 0, true);
      assert.ok(summary.best === BASELINE || solutions.some((s) => s.id === summary.best && s.outcome === 'kept'));

      const diff = await desk.sigil(root, ['diff', 'best']);
      assert.equal(diff.code, 0, diff.stderr);
      assert.equal(diff.stdout === '', summary.best === BASELINE);
      if (diff.stdout !== '') {
        put(desk.folder, { [`${e.name}.patch`]: diff.stdout });
        desk.git(root, 'apply', '--check', join(desk.folder, `${e.name}.patch`));
      }
      assert.deepEqual(untouchable(root), before, 'the run left the project as it was');

      // The example's own tests and benchmark, on the code as it is and as it becomes.
      const figure = (): number => Number(e.benchmark.prints.exec(output(root, e.benchmark.command))?.[1]);
      for (const command of e.own) output(root, command);
      const slow = figure();
      assert.ok(slow > 0, 'its benchmark prints a number');
      const done = await desk.json<{ applied: string[] }>(root, ['accept', 'best']);
      assert.deepEqual(done.applied, summary.best === BASELINE ? [] : [e.pin.replace(/#.*/, '')]);
      for (const command of e.own) output(root, command);
      assert.ok(figure() > 0);
      // Only a figure without noise may be compared here; the others were compared by the run itself.
      if (e.spec === 'settings') assert.ok(summary.best !== BASELINE && figure() < slow, `${figure()} is not less than ${slow}`);
    });
  }

  it('says in each README how to run it', () => {
    for (const e of EXAMPLES) {
      const readme = readFileSync(join(EXAMPLES_DIR, e.name, 'README.md'), 'utf8');
      for (const command of ['validate', 'run']) assert.ok(readme.includes(`sigil ${command} ${e.spec}`), `${e.name}: ${command}`);
      for (const word of readme.matchAll(/`([\w/-]+\.(?:ts|mjs|py|cpp|ini|yaml))`/g)) assert.ok(existsSync(join(EXAMPLES_DIR, e.name, word[1] ?? '')), `${e.name}: README names ${word[1] ?? ''}`);
    }
  });
});
