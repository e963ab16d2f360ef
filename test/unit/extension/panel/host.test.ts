// The panel's host apart from VS Code: its page's policy, its pauses, and what it takes from the page.
import assert from 'node:assert/strict';
import { Coalesced, type Clock } from '../../../../src/extension/panel/coalesce.ts';
import { pageHtml } from '../../../../src/extension/panel/html.ts';
import { fromPanel } from '../../../../src/protocol/panel.ts';

class FakeClock implements Clock {
  time = 0;
  private waiting: { at: number; what: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, what: () => void): () => void {
    const entry = { at: this.time + ms, what };
    this.waiting.push(entry);
    return () => { this.waiting = this.waiting.filter((w) => w !== entry); };
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.time = next.at;
      this.waiting = this.waiting.filter((w) => w !== next);
      next.what();
    }
    this.time = end;
  }

  private next(end: number): { at: number; what: () => void } | undefined {
    return this.waiting.filter((w) => w.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

describe('the panel\'s pauses', () => {
  it('sends the first at once, and of many that follow one, after 200 ms', () => {
    const clock = new FakeClock();
    const sent: number[] = [];
    const news = new Coalesced(() => sent.push(clock.time), clock);
    for (let i = 0; i < 100; i++) {
      news.request();
      clock.pass(10);
    }
    clock.pass(1000);
    assert.deepEqual(sent, [0, 200, 400, 600, 800, 1000]);
  });

  it('sends what takes long to make less often: a twentieth of the time at most', () => {
    const clock = new FakeClock();
    const sent: number[] = [];
    const news = new Coalesced(() => { sent.push(clock.time); clock.time += 50; }, clock);
    for (let i = 0; i < 30; i++) {
      news.request();
      clock.pass(100);
    }
    assert.deepEqual(sent, [0, 1050, 2100]);
  });

  it('does not wait for a page that has just come, and nothing comes after the end', () => {
    const clock = new FakeClock();
    let sent = 0;
    const news = new Coalesced(() => sent++, clock);
    news.request();
    news.request();
    news.now();
    assert.equal(sent, 2);
    clock.pass(1000);
    assert.equal(sent, 2, 'what was asked for before is in what was sent');
    news.request();
    news.request();
    news.dispose();
    clock.pass(1000);
    assert.equal(sent, 3);
  });
});

describe('the panel\'s page', () => {
  const page = { title: 'A "spec" <b>', language: 'en', nonce: 'abc=', source: 'https://x.test', script: 'https://x.test/main.js', style: 'https://x.test/main.css' };

  it('lets in nothing but its own script by nonce and its own files', () => {
    const policy = (/content="(default-src[^"]*)"/.exec(pageHtml(page))?.[1] ?? '').replaceAll('&#39;', "'");
    const rules = new Map(policy.split('; ').map((r) => [r.split(' ')[0], r.split(' ').slice(1).join(' ')]));
    assert.equal(rules.get('default-src'), "'none'");
    assert.equal(rules.get('script-src'), "'nonce-abc='");
    assert.equal(rules.get('base-uri'), "'none'");
    assert.ok(!policy.includes('unsafe'));
    assert.ok(!rules.has('connect-src'));
  });

  it('escapes what it is given', () => {
    assert.ok(pageHtml(page).includes('<title>A &#34;spec&#34; &#60;b&#62;</title>'));
  });
});

describe('messages of the panel', () => {
  it('are taken when they are what the page sends', () => {
    for (const m of [{ type: 'ready' }, { type: 'select', id: '8af879f3e2' }, { type: 'run', action: 'stop' }, { type: 'solution', action: 'accept', id: 'a-b_1' }]) assert.deepEqual(fromPanel(m), m);
  });

  it('are nothing else', () => {
    for (const m of [
      null, 'ready', {}, { type: 'select' }, { type: 'select', id: 7 }, { type: 'select', id: '../x' }, { type: 'select', id: '' }, { type: 'select', id: 'x'.repeat(65) },
      { type: 'run', action: 'accept' }, { type: 'solution', action: 'stop', id: 'a' }, { type: 'solution', action: 'accept' }, { type: 'solution', action: 'toString', id: 'a' },
      { type: 'run', action: 'workbench.action.quit' }, [{ type: 'ready' }],
    ]) assert.equal(fromPanel(m), null, JSON.stringify(m));
  });

  it('lose what the page adds to them', () => {
    assert.deepEqual(fromPanel({ type: 'solution', action: 'accept', id: 'a', root: '/etc' }), { type: 'solution', action: 'accept', id: 'a' });
  });
});
