// Candidates that never end: each is given up after a multiple of what sound code took, says so, and the run goes on.

import assert from 'node:assert/strict';
import { Desk, eventsIn, journals, leftovers, ofType, type EventOf } from './support.ts';

const COMMAND = {
  'sigil.yaml': `version: 1
specs:
  work:
    pins: [params.cfg]
    measure: sh work.sh
    metrics: [{ name: time_ms, kind: time, source: { timer: cpu }, exclusive: false }]
    objective: minimize time_ms
`,
  'params.cfg': 'count = 3000  # sigil: knob 3000 500..6000\n',
  // More than 3000 never ends, and neither does it wait for anything.
  'work.sh': 'n=$(sed -n \'s/^count = \\([0-9]*\\).*/\\1/p\' params.cfg)\ni=0\nwhile [ "$i" -lt "$n" ] || [ "$n" -gt 3000 ]; do i=$((i + 1)); done\n',
};

const CALL = {
  'sigil.yaml': `version: 1
specs:
  sum:
    pins: [sum.mjs#sum]
    call: { inputs: inputs.json, compare: false }
    metrics: [{ name: time_ms, source: { call: cpu }, exclusive: false }]
`,
  'inputs.json': '[[40], [30]]\n',
  'sum.mjs': `export function sum(n) {
  let total = 0;
  for (let i = 0; i < n * 1000; i += 8 /* sigil: knob 8 0..16 */ > 8 ? 0 : 1) total += i;
  return total;
}
`,
};

describe('endless candidates', function () {
  this.timeout(600_000); // mostly waiting: one run at a time measures on a machine
  let desk: Desk;
  before(() => (desk = new Desk()));
  after(async () => desk.dispose());

  const verdicts = async (files: Readonly<Record<string, string>>, spec: string, seed: string): Promise<EventOf<'verdict'>[]> => {
    const root = desk.project(null, files);
    const r = await desk.sigil(root, ['run', spec, '--niter', '4', '--seed', seed]);
    assert.equal(r.code, 0, r.stdout + r.stderr);
    const events = eventsIn(journals(root)[0] ?? '');
    const out = ofType(events, 'verdict');
    const ended = ofType(events, 'run-ended').at(-1)?.summary;
    assert.equal(ended?.reason, 'budget');
    assert.equal(ended.evaluations, 4);
    for (const v of out.filter((x) => x.outcome === 'timed-out')) assert.ok(r.stdout.includes(v.reason), 'and the terminal says why');
    assert.deepEqual(leftovers(desk.folder), []);
    return out;
  };
  const check = (all: readonly EventOf<'verdict'>[]): void => {
    const endless = all.filter((v) => v.outcome === 'timed-out');
    assert.ok(endless.length > 0 && endless.length < 4, all.map((v) => v.outcome).join(' '));
    for (const v of endless) {
      assert.match(v.reason, /(it used more than \d+ s of CPU time|it ran longer than \d+ s); sound code took [\d.]+ m?s$/);
      assert.ok(v.seconds < 60, `${v.seconds} s, where the spec allows ten minutes`);
    }
    assert.ok(all.some((v) => v.outcome !== 'timed-out' && v.pairs > 0), 'the others are measured');
  };

  it('of a command cost seconds, not its limit, and say why', async () => {
    check(await verdicts(COMMAND, 'work', '5'));
  });

  it('of a call eval too', async () => {
    check(await verdicts(CALL, 'sum', '5'));
  });
});
