// The report of a run as a document.

import assert from 'node:assert/strict';
import { reportOf } from '../../../../src/extension/run/report.ts';
import { Story, gain, summary } from '../tree/journal.ts';

describe('the report', () => {
  it('claims only what was verified against the original', () => {
    const story = new Story().tried('a', 'kept', 1.42);
    assert.match(reportOf('r', story.state, null), /so far is worth 1\.42× \[1\.38–1\.46\] by its steps\. It is not verified/);
    story.say({ type: 'confirmed', id: 'a', against: 'baseline', ok: true, reason: '', gain: gain(1.4), heldOut: null });
    assert.match(reportOf('r', story.state, null), /\*\*Gain: 1\.40× \[1\.36–1\.44\]\*\* against the original code, by 30 fresh pairs in 60 processes/);
  });

  it('calls finding nothing a result, and tells a broken evaluation', () => {
    assert.match(reportOf('r', new Story().tried('b', 'discarded', 0.9).say({ type: 'run-ended', summary: summary({}) }).state, null), /\*\*No improvement was found\.\*\* That is a result/);
    assert.match(reportOf('r', new Story().say({ type: 'run-ended', summary: summary({ reason: 'eval-broken' }) }).state, null), /the evaluation fails on the unchanged code too/);
  });

  it('says what the search gained over its control, or that none was run', () => {
    const found = (worth: number): Story => new Story().tried('a', 'kept', worth).say({ type: 'confirmed', id: 'a', against: 'baseline', ok: true, reason: '', gain: gain(worth), heldOut: null })
      .say({ type: 'run-ended', summary: summary({ best: 'a', gain: gain(worth) }) });
    assert.match(reportOf('r', found(2).state, null), /not compared with best-of-n \(`--control` does\)/);
    assert.match(reportOf('r', found(2).state, { run: 'c', state: found(1.6).state }), /1\.60× \[1\.55–1\.65\] by best-of-n with the same budget \(`c`\)\. Over best-of-n at equal cost \(1 evaluation each\): 1\.25× \\\[1\.2[^|]*\\\], the search found more/);
  });

  it('says what an agent had of the user\'s, and what evaluations had', () => {
    const { state } = new Story().tried('a', 'kept', 1.42);
    const started = state.started ?? assert.fail();
    const text = reportOf('r', { ...state, started: { ...started, spec: { ...started.spec, env: [], network: false }, model: 'agent/claude', granted: [{ agent: 'agent/claude', variables: ['ANTHROPIC_API_KEY'], home: ['~/.claude/.credentials.json'] }] } }, null);
    assert.match(text, /\| Agent \| agent\/claude .*ANTHROPIC\\_API\\_KEY.*Evaluations have none of /);
    assert.doesNotMatch(reportOf('r', state, null), /\| Agent \|/);
    const { spec } = started;
    assert.match(reportOf('r', { ...state, started: { ...started, level: 'bubblewrap', spec: { ...spec, env: [], setup: null, network: true } } }, null), /\| Confined by \| [^|]*with the network, as the spec asks \|/);
    assert.match(reportOf('r', { ...state, started: { ...started, level: 'bubblewrap', spec: { ...spec, env: [], setup: null, network: false } } }, null), /\| Confined by \| [^|]*no network \|/);
  });

  it('lets no summary break out of its table', () => {
    const text = reportOf('r', new Story().propose('a', 'baseline', 'a | b\n# <b>c</b> [x](command:y)').judge('a', 'kept', 2).state, null);
    const row = text.split('\n').find((l) => l.includes('`a`'));
    assert.ok(row?.includes('a \\| b \\# \\<b\\>c\\</b\\> \\[x\\](command:y)'), row);
    assert.ok(text.includes('2 × a\\|b'), 'the machine too');
  });
});
