// Evaluations that cannot run, say nothing, or write where they may not: named, with the output's tail and a remedy.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { probeBubblewrap } from '../../../src/adapters/sandbox/probe.ts';
import { Desk, eventsIn, journals, leftovers, ofType, untouchable } from './support.ts';

describe('evaluations that fail', function () {
  this.timeout(120_000);
  let desk: Desk;
  let bubblewrap: boolean;
  before(async () => {
    desk = new Desk();
    bubblewrap = (await probeBubblewrap()).ok;
  });
  after(async () => desk.dispose());
  afterEach(() => assert.deepEqual(leftovers(desk.folder), []));

  const baselines: readonly (readonly [what: string, cost: string, message: RegExp])[] = [
    ['fails', 'echo "loading"\necho "no such table: users" >&2\nexit 3\n', /the unchanged code fails at measure: exit code 3\nno such table: users\nloading\n +→ Make the evaluation pass on the code as it is; "sigil validate" shows each step/],
    ['needs a tool that is not there', 'frobnicate --all\n', /fails at measure: a program is missing or cannot be run \(exit code 127\)\n.*frobnicate/],
    ['prints no metric', 'echo "all is well"\n', /fails at measure: .*cost.*\nall is well/],
    ['prints NaN', 'echo "cost: NaN"\n', /fails at measure: .*cost/],
    ['is ended by a signal', 'kill -9 $$\n', /fails at measure: it was ended by SIGKILL/],
  ];
  for (const [what, cost, message] of baselines) {
    it(`a baseline that ${what}: exit 1, the tail of its output, a remedy; run --json says it in one document`, async () => {
      const root = desk.project('knobs', { 'cost.sh': cost });
      const before = untouchable(root);
      const r = await desk.sigil(root, ['run', 'shape', '--niter', '2']);
      assert.equal(r.code, 1);
      assert.match(r.stderr, message);
      assert.ok(!r.stderr.includes('a bug'), r.stderr);
      assert.deepEqual(untouchable(root), before);
      const validated = await desk.sigil(root, ['validate', 'shape', '--json']);
      assert.equal(validated.code, 1);
      assert.match((JSON.parse(validated.stdout) as { error: string }).error, /the unchanged code fails at measure/);
    });
  }

  it('a baseline that breaks a gate: which, and what it printed', async () => {
    const root = desk.project('knobs', { 'gate.sh': 'echo "3 tests failed"; exit 1\n' });
    const r = await desk.sigil(root, ['run', 'shape']);
    assert.equal(r.code, 1);
    assert.match(r.stderr, /the unchanged code fails at gate 1: exit code 1\n3 tests failed/);
  });

  it('an eval that fails on every candidate and then on the baseline too stops the run: exit 1, infra-error, the reason', async () => {
    // The tool "disappears" once the first candidates run: the marker stands for a database that went away.
    const gone = join(desk.folder, 'gone');
    const root = desk.project('knobs', { 'gate.sh': 'exit 0\n', 'cost.sh': `[ -e '${gone}' ] || grep -q 'width = 8 .*' params.cfg && grep -q 'depth = 30 ' params.cfg && grep -q 'ratio = 12 ' params.cfg && [ ! -e '${gone}' ] || { touch '${gone}'; exec frobnicate; }\necho "cost: 5"\n` });
    const r = await desk.sigil(root, ['run', 'shape', '--niter', '30', '--sandbox', 'none']);
    assert.equal(r.code, 1, r.stderr);
    assert.match(r.stdout, /the evaluation itself failed.*a program is missing/);
    assert.match(r.stdout, /Stopped: the evaluation fails on the unchanged code too\. "sigil validate" shows where; "sigil resume" goes on after that/);
    const events = eventsIn(journals(root)[0] as string);
    const verdicts = ofType(events, 'verdict');
    assert.ok(verdicts.length >= 5 && verdicts.length < 30);
    assert.ok(verdicts.every((v) => v.outcome === 'infra-error' && v.effect === null), 'never a score');
    assert.equal(ofType(events, 'run-ended')[0]?.summary.reason, 'eval-broken');
  });

  it('an eval that writes to a folder that is not declared: refused with the remedy under bubblewrap, tolerated in a process group', async function () {
    const cost = 'mkdir -p logs && echo ran > logs/last.txt || exit 4\necho "cost: 5"\n';
    if (bubblewrap) {
      const root = desk.project('knobs', { 'cost.sh': cost });
      const r = await desk.sigil(root, ['run', 'shape', '--niter', '1', '--sandbox', 'required']);
      assert.equal(r.code, 1);
      assert.match(r.stderr, /Read-only file system/);
      assert.match(r.stderr, /name the folder under "outputs" in sigil\.yaml \(or --outputs DIR\)/);
      const declared = desk.project('knobs', { 'cost.sh': cost, 'sigil.yaml': 'version: 1\nspecs:\n  shape:\n    pins: [params.cfg]\n    outputs: [logs]\n    measure: sh cost.sh\n    metrics: [{ name: cost, kind: count }]\n    objective: minimize cost\n' });
      assert.equal((await desk.sigil(declared, ['run', 'shape', '--niter', '1', '--sandbox', 'required'])).code, 0);
      assert.ok(!existsSync(join(declared, 'logs')), 'written in the checkout, not in the project');
    }
    const loose = desk.project('knobs', { 'cost.sh': cost });
    const r = await desk.sigil(loose, ['run', 'shape', '--niter', '1', '--sandbox', 'none']);
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout, /process limits only: candidate code can read your files and use the network/);
    assert.ok(!existsSync(join(loose, 'logs')));
  });
});
