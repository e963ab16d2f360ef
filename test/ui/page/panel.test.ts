// The Solutions panel's page in a browser: what it shows of a real run, its keyboard, its accessible tree, its themes, its policy.
import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import type { RunState } from '../../../src/core/run-state.ts';
import { Diffs, panelDetail } from '../../../src/extension/panel/detail.ts';
import { panelRun } from '../../../src/extension/panel/snapshot.ts';
import type { FromPanel, PanelRun } from '../../../src/protocol/panel.ts';
import type { Round } from '../../../src/adapters/journal/rounds.ts';
import { REF, archive, stateOf, tried } from '../../unit/extension/panel/run.ts';
import type { Done } from '../../unit/engine/world.ts';
import { poll } from '../../vscode/workbench.ts';
import { THEMES, openPage, startChromium, type PageOptions, type PanelPage } from './page.ts';

describe('the Solutions panel in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let done: Done;
  let ids: readonly string[];
  let p: PanelPage;
  let revision = 0;

  before(async () => {
    [browser, done] = await Promise.all([startChromium(), tried()]);
    ids = [...done.state.solutions.keys()];
  });
  after(async () => { await browser.close(); });
  afterEach(async () => {
    const problems = await p.problems();
    await p.close();
    assert.deepEqual(problems, [], 'the policy refused something, or a script failed');
  });

  const sendRun = async (state: RunState, change: Partial<PanelRun> = {}): Promise<void> => p.send({ type: 'run', revision: ++revision, run: { ...panelRun(REF, 'finished', state, true), ...change } });
  const sendDetail = async (id: string, state: RunState = done.state): Promise<void> => {
    const s = state.solutions.get(id);
    assert.ok(s);
    await p.send({ type: 'detail', detail: panelDetail(state, s, new Diffs(state), done.events.filter((e): e is Round => e.type === 'round' && e.id === id)) });
  };
  /** The page with the whole run, and the best in detail, as the extension would send it. */
  const open = async (o: PageOptions = {}): Promise<void> => {
    p = await openPage(browser, o);
    await sendRun(done.state);
    await asked('select');
    await sendDetail(done.state.incumbent);
    await p.page.getByRole('button', { name: 'Accept', exact: true }).waitFor();
  };
  const asked = async (type: FromPanel['type']): Promise<FromPanel> => (await poll(async () => (await p.sent()).filter((m) => m.type === type), (m) => m.length > 0, `a message "${type}"`)).at(-1) as FromPanel;
  const row = (i: number): Locator => p.page.locator(`[role="treeitem"][title^="${ids[i] ?? ''}:"]`);
  const focused = (): Promise<string | null> => p.page.evaluate(() => document.activeElement?.getAttribute('title')?.split(':')[0] ?? null);
  const sees = async (i: number): Promise<void> => { await poll(focused, (id) => id === ids[i], `row ${i} to have the focus`); };

  it('says that it is ready, selects the best, and shows what was measured and its diff', async () => {
    await open();
    assert.deepEqual((await p.sent())[0], { type: 'ready' });
    assert.deepEqual(await asked('select'), { type: 'select', id: done.state.incumbent });
    assert.equal(await p.page.getByRole('treeitem').count(), ids.length);
    assert.match(await p.page.locator('.worth').innerText(), /^[12]\.\d\d× \[/);
    assert.match(await p.page.locator('.rests').innerText(), /30 fresh pairs/);
    assert.match(await p.page.locator('.strip').getAttribute('aria-label') ?? '', /final \(30\): from/);
    assert.match(await p.page.locator('.diff').innerText(), /cost 50/);
    assert.match(await p.page.locator('.diff-count').innerText(), /^\+\d+ −\d+$/);
  });

  it('is a tree to assistive technology: levels, places, states and sentences', async () => {
    await open();
    const facts = await p.page.getByRole('treeitem').evaluateAll((all) => all.map((e) => ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded', 'aria-selected', 'tabindex'].map((a) => e.getAttribute(a) ?? '').join(' ')).sort());
    assert.deepEqual(facts, ['1 1 1 true false -1', '2 1 1 true false -1', '3 1 2  false -1', '3 2 2 true true 0', '4 1 3  false -1', '4 2 3  false -1', '4 3 3  false -1']);
    assert.match(await row(3).getAttribute('aria-label') ?? '', /the best, verified better, .* times, between .* and .*, evaluation 3$/);
    assert.equal(await p.page.getByRole('img', { name: /^Score against evaluations: 6 evaluations, 4 solutions measured/ }).count(), 1);
    for (const b of await p.page.locator('vscode-button').all()) assert.ok((await b.evaluate((e) => (e.getAttribute('aria-label') ?? e.textContent).trim())).length > 2, 'a button has no name');
  });

  it('goes by the keyboard: arrows, ends, folding, letters; the selection follows', async () => {
    await open();
    await row(3).focus();
    await p.page.keyboard.press('ArrowUp');
    await sees(2);
    await p.page.keyboard.press('Home');
    await sees(0);
    await p.page.keyboard.press('End');
    await sees(6);
    await p.page.keyboard.press('ArrowLeft');
    await sees(3);
    await p.page.keyboard.press('ArrowLeft');
    await poll(() => p.page.getByRole('treeitem').count(), (n) => n === 4, 'the branch to be folded');
    await sees(3);
    await p.page.keyboard.press('ArrowRight');
    await poll(() => p.page.getByRole('treeitem').count(), (n) => n === 7, 'the branch to be open');
    await p.page.keyboard.type(ids[5] ?? '');
    await sees(5);
    assert.deepEqual(await poll(async () => (await p.sent()).filter((m) => m.type === 'select').at(-1), (m) => m?.type === 'select' && m.id === ids[5], 'the last selection'), { type: 'select', id: ids[5] });
    assert.equal((await p.sent()).some((m) => m.type === 'solution'), false, 'no letter acts');
  });

  it('acts by Enter and Ctrl+Enter on the row that has the focus, and never on the baseline', async () => {
    await open();
    await row(1).focus();
    await row(1).press('ArrowDown');
    await sees(2);
    await p.page.keyboard.press('Enter');
    assert.deepEqual(await asked('solution'), { type: 'solution', action: 'openDiff', id: ids[2] });
    await p.page.keyboard.press('Control+Enter');
    assert.equal((await p.sent()).filter((m) => m.type === 'solution' && m.action === 'accept').length, 1);
    await p.page.keyboard.press('Home');
    await sees(0);
    await p.page.keyboard.press('Control+Enter');
    assert.equal((await p.sent()).filter((m) => m.type === 'solution' && m.action === 'accept').length, 1);
  });

  it('does by its buttons what they say, also by the keyboard', async () => {
    await open();
    const id = done.state.incumbent;
    for (const [name, action] of [['Accept', 'accept'], ['Accept Parts…', 'acceptHunks'], ['Open Diff', 'openDiff'], ['New Run From Here', 'derive'], ['Copy the patch', 'copyPatch'], ['Ban: never a parent again', 'ban'], ['Measure again with fresh pairs against the baseline', 'measure']] as const) {
      const control = p.page.getByRole('button', { name, exact: true });
      await control.focus();
      await p.page.keyboard.press('Enter');
      assert.deepEqual(await poll(async () => (await p.sent()).at(-1), (m) => m?.type === 'solution' && m.action === action, `"${name}" to act`), { type: 'solution', action, id });
    }
    await p.page.getByRole('button', { name: 'Open the report' }).click();
    assert.deepEqual(await asked('run'), { type: 'run', action: 'openReport' });
  });

  it('offers for a run that goes on to steer and stop it, and for an interrupted one to resume', async () => {
    await open();
    const there = (name: string): Promise<boolean> => p.page.getByRole('button', { name, exact: true }).isVisible();
    assert.deepEqual([await there('Steer…'), await there('Steer Here'), await there('Stop'), await there('Resume')], [false, false, false, false]);
    await sendRun(done.state, { status: 'running', ending: '' });
    await p.page.getByRole('button', { name: 'Stop', exact: true }).click();
    assert.deepEqual(await asked('run'), { type: 'run', action: 'stop' });
    assert.equal(await there('Resume'), false);
    await p.page.getByRole('button', { name: 'Steer Here', exact: true }).click();
    assert.deepEqual(await asked('solution'), { type: 'solution', action: 'steer', id: done.state.incumbent });
    await sendRun(done.state, { status: 'interrupted' });
    await p.page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    assert.equal(await there('Stop'), false);
  });

  it('offers nothing that failed, and nothing at all that starts a program in an untrusted workspace', async () => {
    await open();
    const disabled = (name: string): Promise<boolean> => p.page.getByRole('button', { name, exact: true }).evaluate((e) => e.hasAttribute('disabled') || e.closest('vscode-button')?.hasAttribute('disabled') === true || (e.getRootNode() as ShadowRoot).host.hasAttribute('disabled'));
    assert.equal(await disabled('Accept'), false);
    await row(4).click();
    await sendDetail(ids[4] ?? '');
    await poll(() => disabled('Accept'), (x) => x, 'Accept to be off for a blocked solution');
    await row(3).click();
    await sendRun(done.state, { trusted: false });
    await sendDetail(ids[3] ?? '');
    await p.page.getByText('This workspace is not trusted').waitFor();
    for (const name of ['Accept', 'Accept Parts…', 'New Run From Here', 'Measure again with fresh pairs against the baseline']) assert.equal(await disabled(name), true, name);
    assert.equal(await disabled('Open Diff'), false);
  });

  it('filters by text and outcome, and sorts by score', async () => {
    await open();
    await p.page.keyboard.press('Tab');
    await row(3).focus();
    await p.page.keyboard.press('/');
    await p.page.keyboard.type(ids[5]?.slice(0, 6) ?? '');
    await poll(() => p.page.locator('.tree-count').innerText(), (t) => t === '1 of 6', 'the filter to hold');
    assert.equal(await p.page.locator('.row.is-context').count(), 3, 'its ancestors are shown');
    await p.page.keyboard.press('Control+A');
    await p.page.keyboard.press('Delete');
    const outcomes = p.page.getByRole('combobox', { name: 'Filter by outcome' });
    await outcomes.click();
    await p.page.getByRole('option', { name: 'verified better (2)' }).click();
    await poll(() => p.page.locator('.tree-count').innerText(), (t) => t === '2 of 6', 'the outcome filter to hold');
    await p.page.getByRole('button', { name: 'Sort by score' }).click();
    await poll(async () => p.page.getByRole('treeitem').evaluateAll((all) => all.map((e) => e.getAttribute('aria-level')).join('')), (t) => t === '11', 'a flat list');
  });

  it('remembers navigation and no data, and comes back to it', async () => {
    await open();
    await row(2).click();
    await p.page.getByRole('button', { name: 'Table' }).click();
    await p.page.getByRole('button', { name: 'Sort by score' }).click();
    const state = await poll(() => p.state() as Promise<Record<string, unknown>>, (s) => s['id'] === ids[2], 'the selection to be remembered');
    assert.deepEqual(Object.keys(state).filter((k) => !['root', 'spec', 'workspace', 'run', 'id', 'progress', 'order', 'scroll'].includes(k)), []);
    assert.equal(state['run'], 'run');
    const again = await openPage(browser, { state });
    await p.close();
    p = again;
    await sendRun(done.state);
    assert.deepEqual(await asked('select'), { type: 'select', id: ids[2] });
    await p.page.getByRole('columnheader', { name: 'Best so far' }).waitFor();
    assert.equal(await row(2).getAttribute('aria-selected'), 'true');
    assert.equal(await row(2).getAttribute('aria-level'), '1');
  });

  it('has the chart as a table', async () => {
    await open();
    await p.page.getByRole('button', { name: 'Table' }).click();
    const cells = await p.page.locator('.evaluations tbody tr').evaluateAll((all) => all.map((tr) => [...(tr as HTMLTableRowElement).cells].map((c) => c.textContent)));
    assert.deepEqual(cells.map((c) => c[0]), ['0', '1', '2', '3', '4', '5', '6']);
    assert.deepEqual(cells.map((c) => c[2]), ['the original', 'verified better', 'not better', 'verified better', 'failed a gate', 'crashed', 'not better']);
    assert.equal(cells[4]?.[3], '', 'a failure has no score');
  });

  it('tells a new best, once and politely', async () => {
    p = await openPage(browser);
    await sendRun(stateOf(done, (type) => type === 'promoted'), { status: 'running' });
    const status = p.page.locator('[role="status"]');
    assert.equal(await status.innerText(), '');
    await sendRun(done.state);
    await poll(() => status.innerText(), (t) => /^New best: /.test(t), 'the news');
    assert.equal(await status.getAttribute('aria-live'), 'polite');
  });

  it('keeps the selection and the focus when a snapshot comes, and takes no older one', async () => {
    await open();
    await row(2).click();
    await sees(2);
    await sendRun(done.state, { evaluations: 5 });
    await poll(() => p.page.locator('.fact-progress').innerText(), (t) => t.startsWith('5 of'), 'the snapshot');
    await sees(2);
    assert.equal(await row(2).getAttribute('aria-selected'), 'true');
    await p.send({ type: 'run', revision: 1, run: { ...panelRun(REF, 'finished', done.state, true), evaluations: 1 } });
    await sendRun(done.state, { evaluations: 6 });
    await poll(() => p.page.locator('.fact-progress').innerText(), (t) => t.startsWith('6 of'), 'the newest');
  });

  it('shows what there is before the first solution, and says when a run is gone', async () => {
    p = await openPage(browser);
    await sendRun(stateOf(done, (type) => type === 'asked'), { status: 'running' });
    await p.page.getByText('0 solutions').waitFor();
    await p.page.getByText('nothing better verified yet').waitFor();
    await p.send({ type: 'gone', message: 'This run is not there any more.', remedy: 'Other runs are listed.' });
    await p.page.getByText('This run is not there any more.').waitFor();
    assert.equal(await p.page.locator('main').isVisible(), false);
  });

  it('escapes what a solution says of itself', async () => {
    await open();
    const run = panelRun(REF, 'finished', done.state, true);
    await p.send({ type: 'run', revision: ++revision, run: { ...run, rows: { ...run.rows, summary: run.rows.summary.map(() => '<img src=x onerror=alert(1)>') } } });
    const s = done.state.solutions.get(ids[3] ?? '');
    assert.ok(s);
    const evil = '--- a/<b>x\n+++ b/<b>x\n@@ -1,1 +1,1 @@\n-<img src=x>\n+<script>alert(1)</script>\n';
    await p.send({ type: 'detail', detail: { ...panelDetail(done.state, s, new Diffs(done.state), []), summary: '<img src=x>', diff: evil } });
    await p.page.locator('.diff').getByText('alert(1)').waitFor();
    assert.equal(await p.page.locator('img, script:not([nonce]), .diff b').count(), 0);
  });

  it('stands still for those who want it so', async () => {
    await open({ reducedMotion: true });
    await sendRun(done.state, { status: 'running', ending: '' });
    const icon = p.page.locator('.status .codicon');
    await poll(() => icon.getAttribute('class'), (c) => c?.includes('spin') === true, 'the icon of a run that goes on');
    assert.equal(await icon.evaluate((e) => getComputedStyle(e).animationName), 'none');
  });

  for (const theme of THEMES) {
    it(`is legible in ${theme}: text against what is behind it, focus that is seen, and no room lost at 400 pixels`, async () => {
      await open({ theme, width: 400, height: 900 });
      const least = await p.page.evaluate<{ ratio: number; text: string }>(CONTRAST);
      assert.ok(least.ratio >= (theme.startsWith('hc') ? 4.5 : 3), `"${least.text}" has a contrast of ${least.ratio.toFixed(2)}`);
      assert.deepEqual(await p.page.evaluate(() => [...document.querySelectorAll('#app, #app > *, main > *, .pane-detail > *, .head > *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && !e.matches('.unseen, .splitter')).map((e) => `${e.className} ${e.scrollWidth}`)), [], 'something is wider than its place');
      await row(3).focus();
      await p.page.keyboard.press('ArrowUp');
      assert.notEqual(await p.page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle), 'none');
    });
  }

  it('follows the theme while it is open, the chart too', async () => {
    await open({ theme: 'dark' });
    const canvas = p.page.locator('.chart canvas');
    await canvas.waitFor();
    const picture = (): Promise<string> => canvas.evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    let dark = '';
    await poll(picture, (now) => {
      const still = now === dark;
      dark = now;
      return still;
    }, 'the chart to be drawn');
    await p.theme('light');
    await poll(() => p.page.evaluate(() => getComputedStyle(document.body).backgroundColor), (c) => c === 'rgb(255, 255, 255)', 'the page in other colours');
    await poll(picture, (now) => now !== dark, 'the chart in other colours');
  });

  it('shows the map of kinds of a search that keeps one: as a table, by arrows, an island or all; another run has none', async () => {
    const kinds = await archive();
    p = await openPage(browser, { width: 900, height: 900 });
    await sendRun(kinds.state);
    const { map } = panelRun(REF, 'finished', kinds.state, true);
    assert.ok(map);
    await p.page.getByRole('button', { name: 'Map', exact: true }).click();
    const cells = p.page.locator('.map-cell');
    await cells.first().waitFor();
    assert.equal(await p.page.locator('.map tbody tr').count(), map.sizes.length);
    const all = await cells.count();
    assert.ok(all > 2 && all <= map.elites.length);
    assert.match(await cells.last().getAttribute('aria-label') ?? '', /lines edited, .* branches, island \d/);
    assert.equal(await p.page.locator('.map-front a').count(), map.front.length);
    assert.equal(await p.page.locator('.map-cell[tabindex="0"]').count(), 1, 'one stop for the tab key');
    await p.page.locator('.map-cell.is-baseline').focus();
    await p.page.keyboard.press('ArrowRight');
    await poll(() => p.page.locator('.map-cell[aria-pressed="true"]').count(), (n) => n === 1, 'the chosen cell to be marked');
    await poll(() => p.page.locator('[role="treeitem"][aria-selected="true"]').getAttribute('title'), (t) => t !== null && !t.startsWith(kinds.state.incumbent), 'the tree to follow');
    const chosen = await p.page.locator('[role="treeitem"][aria-selected="true"]').getAttribute('title');
    await poll(() => p.sent(), (all) => all.some((m) => m.type === 'select' && m.id === chosen?.split(':')[0]), 'the solution to be asked for');
    await p.page.locator('.map-bar vscode-dropdown').click();
    await p.page.getByRole('option', { name: /^Island 2/ }).click();
    await poll(() => cells.count(), (n) => n === map.elites.filter((e) => e.island === 1).length, 'the second island');
    assert.equal((await p.state() as { readonly island: number }).island, 1);
    for (const theme of ['light', 'hc-black', 'hc-light'] as const) {
      await p.theme(theme);
      const { ink, ground } = await p.page.locator('.map-cell').last().evaluate((e) => ({ ink: getComputedStyle(e).color, ground: getComputedStyle(e).backgroundColor }));
      assert.notEqual(ink, ground, theme);
    }
    await sendRun(done.state);
    await p.page.locator('.map-box').waitFor({ state: 'hidden' });
    await p.page.locator('.chart').waitFor();
  });

  it('cuts no worth and no button off where it is as narrow as a window can make it', async () => {
    const deep = await archive();
    p = await openPage(browser, { width: 210, height: 800 });
    await sendRun(deep.state);
    await p.page.locator('.row-worth').first().waitFor();
    const beyond = await p.page.locator('.row-worth, .tree-bar > *, .head-actions > *, .progress-bar > *').evaluateAll((all) => all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > 210).map((e) => `${e.getAttribute('class') ?? ''} ${e.textContent}`));
    assert.deepEqual(beyond, []);
  });
});

/** The least contrast of visible text to the background behind it (WCAG 2), as text: what the loader makes of named functions does not run in a page. */
const CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (css, under) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = 'rgb(' + under.join(',') + ')';
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (c) => c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  let least = { ratio: 99, text: '' };
  const walker = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (node.data.trim() === '' || !e.checkVisibility() || e.closest('.unseen, vscode-button, vscode-option, vscode-dropdown')) continue;
    const above = [];
    for (let at = e; at; at = at.parentElement) above.unshift(at);
    let under = [255, 255, 255];
    let opacity = 1;
    for (const at of above) {
      under = rgb(getComputedStyle(at).backgroundColor, under);
      opacity *= Number(getComputedStyle(at).opacity);
    }
    const text = rgb(e instanceof SVGElement ? getComputedStyle(e).fill : getComputedStyle(e).color, under).map((v, i) => v * opacity + under[i] * (1 - opacity));
    const [a, b] = [light(text), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least.ratio) least = { ratio, text: node.data.trim().slice(0, 40) + ' of ' + e.className };
  }
  return least;
})()`;
