// What becomes of a model's answers in a run: read in whatever form they come, refused with the reason, never measured twice.

import assert from 'node:assert/strict';
import { ModelServer, type Logged, type Reply } from '../../models/server.ts';
import { Desk, eventsIn, journals, leftovers, ofType } from './support.ts';

const FILES = {
  'tune.py': 'def other():\n    return 1\n\n\n# sigil: improve\ndef shape():\n    width = 8\n    depth = 30\n    return width * depth\n',
  'cost.sh': 'w=$(sed -n "s/^ *width *= *\\([0-9]*\\).*/\\1/p" tune.py)\necho "cost: $(( (w-40)*(w-40) ))"\n',
  'gate.sh': 'exit 0\n',
  'sigil.yaml': 'version: 1\nspecs:\n  shape:\n    pins: [tune.py#shape]\n    gates: [sh gate.sh]\n    measure: sh cost.sh\n    metrics: [{ name: cost, kind: count }]\n    objective: minimize cost\n    budget: { evaluations: 2 }\n',
};

const OUTSIDE = 'Idea: a faster other.\n\ntune.py\n<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n';
const WIDER = 'Idea: wider.\n\n```diff\n--- a/tune.py\n+++ b/tune.py\n@@ -70,3 +71,3 @@\n def shape():\n-    width = 8\n+    width = 20\n     depth = 30\n```\n';
const AGAIN = 'Idea: the same again.\n\n```python\ndef shape():\n    # twenty is what the last one had\n    width  =  20\n    depth = 30\n    return width  *  depth\n```\n';
const STILL = '{"old_string": "    width = 20", "new_string": "    width = 36", "summary": "wider still"}';

/** Calls go on while the first solution is evaluated: what is asked of the original meanwhile is answered with the same, and slowly from the second time on. */
function answer({ prompt }: Logged, n: number): Reply {
  if (n < 2) return { text: OUTSIDE };
  if (n === 2) return { text: WIDER };
  if (/# The current version[\s\S]*width = 20/.test(prompt)) return { text: STILL };
  return { text: AGAIN, ...(n === 3 ? {} : { delay: 3000 }) };
}

describe('answers of a model', function () {
  this.timeout(120_000);
  let desk: Desk;
  let server: ModelServer | undefined;

  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());
  afterEach(async () => {
    await server?.stop();
    assert.deepEqual(leftovers(desk.folder), []);
  });

  it('are read in any form; one outside the pins is refused twice and its reason told; one seen before is not measured', async () => {
    server = await new ModelServer(answer).start();
    const root = desk.project('knobs', FILES);
    const r = await desk.sigil(root, ['run', 'shape', '--optimizer', 'greedy', '--seed', '3', '--niter', '2', '--calls', '1', '--model', 'openai/x', '--base-url', `${server.url}/v1`]);
    assert.equal(r.code, 0, r.stderr);
    const [journal] = journals(root);
    assert.ok(journal !== undefined);
    const events = eventsIn(journal);
    const verdicts = ofType(events, 'verdict');
    const summaries = new Map(ofType(events, 'proposed').map((p) => [p.id, p.summary]));
    const [first, ...rest] = verdicts.map((v) => `${v.outcome}: ${summaries.get(v.id) ?? ''}`);
    assert.match(first ?? '', /^invalid: /);
    assert.deepEqual([...new Set(rest)].sort(), ['duplicate: the same again', 'kept: wider', 'kept: wider still']);
    assert.equal(verdicts[0]?.reason, 'openai/x: the answer changes line 2 of tune.py, which is outside the code that may change: return 2');
    const gated = new Set(ofType(events, 'gated').map((g) => g.id));
    for (const v of verdicts) assert.equal(gated.has(v.id), v.outcome === 'kept');
    // What the model was told before its second try.
    assert.match(server.log[1]?.prompt ?? '', /The answer changes line 2 of tune\.py, which is outside the code that may change:\nreturn 2\nOnly this may change: tune\.py#shape \(lines 6 to 9\)\./);
    const listed = await desk.sigil(root, ['inspect-solutions', 'shape', '--all']);
    assert.match(listed.stdout, /invalid .*the answer changes line 2 of tune\.py, which is outside the code that may change: return 2/);
    const shown = await desk.sigil(root, ['show', verdicts[0].id]);
    assert.match(shown.stdout, /invalid — openai\/x: the answer changes line 2 of tune\.py/);
  });
});
