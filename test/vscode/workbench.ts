// The workbench as a person uses it: commands, editors, trees, terminal, webviews. The selectors that proved stable, in one place.
// Everything waits by polling; nothing sleeps.

import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { installVsix, keepEvidence, linkExtension, makeSession, startBrowser, startServer, workbenchUrl, type Browser, type Server, type Session } from './session.ts';
import { installed } from './versions.mjs';

/** Editors and terminals draw blanks as no-break spaces. */
const plain = (s: string): string => s.replaceAll('\u00a0', ' ');
const escaped = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface LaunchOptions {
  /** A project folder, of which a copy is opened; or a folder that is opened itself (`inPlace`). */
  readonly folder?: string;
  readonly inPlace?: boolean;
  /** The extension, packaged (a .vsix) or as a folder that was built. */
  readonly extension?: string;
  /** Folders of more extensions, which only a test needs. */
  readonly companions?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly size?: { readonly width: number; readonly height: number };
}

export type Theme = 'light' | 'dark' | 'hc-black' | 'hc-light';
/** Their names in settings, since 2026 and before. */
const THEMES: Readonly<Record<Theme, readonly string[]>> = {
  light: ['Light Modern', 'Default Light Modern'], dark: ['Dark Modern', 'Default Dark Modern'], 'hc-black': ['Default High Contrast'], 'hc-light': ['Default High Contrast Light'],
};

/** What the picker of this VS Code calls a theme. */
function themeLabel(theme: Theme): string {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(dirname(installed().entry), '../../lib/vscode/extensions/theme-defaults', file), 'utf8'));
  const { contributes } = read('package.json') as { contributes: { themes: readonly { id: string; label: string }[] } };
  const found = contributes.themes.find((t) => THEMES[theme].includes(t.id));
  if (found === undefined) throw new Error(`this VS Code has none of the themes ${THEMES[theme].join(', ')}`);
  return (read('package.nls.json') as Readonly<Record<string, string>>)[found.label.replaceAll('%', '')] ?? found.label;
}

export class Workbench {
  readonly session: Session;
  readonly server: Server;
  readonly browser: Browser;
  /** The folder that is open. */
  readonly folder: string;
  private readonly url: string;

  private constructor(session: Session, server: Server, browser: Browser, folder: string, url: string) {
    this.session = session;
    this.server = server;
    this.browser = browser;
    this.folder = folder;
    this.url = url;
  }

  static async launch(o: LaunchOptions = {}): Promise<Workbench> {
    const session = makeSession(o.settings);
    let server: Server | undefined;
    let browser: Browser | undefined;
    try {
      const folder = o.folder === undefined ? '' : o.inPlace ? resolve(o.folder) : session.copyOf(o.folder);
      // Folders first: to install a package is a first start too, after which no other is looked for.
      for (const folder of [...(o.companions ?? []), ...(o.extension === undefined || o.extension.endsWith('.vsix') ? [] : [o.extension])]) linkExtension(session, folder);
      if (o.extension?.endsWith('.vsix')) installVsix(session, o.extension);
      const [s, b] = await Promise.allSettled([startServer(session, { trusted: o.trusted ?? true, ...(o.env ? { env: o.env } : {}) }), startBrowser(session, o.size)]);
      if (s.status === 'fulfilled') server = s.value;
      if (b.status === 'fulfilled') browser = b.value;
      if (s.status === 'rejected') throw s.reason;
      if (b.status === 'rejected') throw b.reason;
      b.value.page.setDefaultTimeout(30_000);
      const wb = new Workbench(session, s.value, b.value, folder, workbenchUrl(s.value, folder ? { folder } : {}));
      await wb.open();
      return wb;
    } catch (e) {
      await keepEvidence(session, browser?.page, resolve('bench/out/launch-failed'));
      await browser?.stop();
      await server?.stop();
      session.remove();
      throw e;
    }
  }

  get page(): Page {
    return this.browser.page;
  }

  /** Loads the window: the first time, or again as "Reload Window" does (the extension host starts anew). */
  async open(): Promise<void> {
    await this.page.goto(this.url, { waitUntil: 'commit' });
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: 90_000 });
    if (this.folder) await this.page.locator('.part.titlebar, .part.activitybar').first().waitFor({ timeout: 90_000 });
  }

  async close(): Promise<void> {
    await this.browser.stop();
    await this.server.stop();
    this.session.remove();
  }

  async screenshot(file: string): Promise<void> {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  }

  /** Changes user settings while VS Code runs; it sees the file change. */
  settings(values: Readonly<Record<string, unknown>>): void {
    this.session.settings(values);
  }

  /** Changes the colour theme as a person does, and waits until it is drawn. */
  async theme(theme: Theme): Promise<void> {
    const name = themeLabel(theme);
    await this.command('Preferences: Color Theme');
    await this.quickInput.locator('input').first().fill(name);
    const row = this.quickInput.locator('.monaco-list-row').and(this.page.locator(`[aria-label="${name}"], [aria-label^="${name},"]`));
    await row.first().click();
    const kind = { light: 'vs', dark: 'vs-dark', 'hc-black': 'hc-black', 'hc-light': 'hc-light' }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  // ---- commands and quick input

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Runs a command by its title in the palette, for example 'Sigil: Show Runs'. */
  async command(title: string, timeoutMs = 40_000): Promise<void> {
    // Labels are "title" or "title, recently used, keys". An open palette does not learn of commands that come later: it is opened anew.
    const row = this.quickInput.locator('.monaco-list-row').and(this.page.locator(`[aria-label="${title}"], [aria-label^="${title},"]`));
    for (const end = Date.now() + timeoutMs; ;) {
      try {
        if (!(await this.quickInput.isVisible())) await this.page.keyboard.press('F1');
        await this.quickInput.locator('input').first().fill(`>${title}`, { timeout: 2000 });
        await row.first().click({ timeout: 3000 }); // not Enter: the list is filtered later than the text is typed
        return;
      } catch (e) {
        if (Date.now() > end) throw new Error(`the palette has no "${title}"`, { cause: e });
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Chooses an entry of an open quick pick. */
  async pick(label: string | RegExp): Promise<void> {
    await this.quickInput.getByRole('option', { name: label }).first().click();
  }

  /** Answers an open input box; a title guards against answering the one before. */
  async input(value: string, title?: string): Promise<void> {
    if (title !== undefined) await this.quickInput.locator('.quick-input-title', { hasText: title }).waitFor();
    await this.quickInput.locator('input').first().fill(value);
    await this.page.keyboard.press('Enter');
  }

  // ---- editors

  /** Waits, a little, until a list stands still: files come into it after those that were opened before, and move its rows. */
  private async settled(rows: Locator): Promise<void> {
    let before = '';
    for (let n = 0; n < 10; n++) {
      const now = (await rows.allTextContents()).join('\n');
      if (n > 0 && now === before) return;
      before = now;
      await this.page.waitForTimeout(300);
    }
  }

  async openFile(name: string): Promise<Locator> {
    // The whole name: else words.py is also found in test_words.py.
    const whole = new RegExp(`^${escaped(basename(name))}$`);
    const row = this.quickInput.locator('.monaco-list-row', { has: this.page.locator('.label-name', { hasText: whole }) });
    // Some pages that are just being drawn take no keys: it is pressed again.
    await poll(async () => {
      if (!(await this.quickInput.isVisible())) await this.page.keyboard.press('Control+P');
      await this.quickInput.locator('input').first().fill(name, { timeout: 2000 });
      await row.first().waitFor({ timeout: 3000 });
      await this.settled(this.quickInput.locator('.monaco-list-row'));
      await row.first().click({ timeout: 3000 });
      // The list may have been sorted anew under the click all the same.
      await this.editor(name).waitFor({ timeout: 5000 });
      return true;
    }, Boolean, `${name} in the list of files`);
    await this.tab(new RegExp(`^${escaped(basename(name))}`)).first().waitFor();
    return this.editor(name);
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title });
  }

  /** The editor that shows a file: its address ends with the path. */
  editor(name: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"]`).first();
  }

  /** The lines of an editor that are on screen, in their order. */
  async editorText(name: string): Promise<string> {
    return plain(await this.editor(name).locator('.view-lines').evaluate((el) => [...el.querySelectorAll<HTMLElement>('.view-line')]
      .sort((a, b) => parseInt(a.style.top, 10) - parseInt(b.style.top, 10)).map((l) => l.textContent).join('\n')));
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.monaco-editor .codelens-decoration a', { hasText: text });
  }

  /** The two sides of the diff editor that is on screen. */
  get diff(): { readonly original: Locator; readonly modified: Locator } {
    return { original: this.page.locator('.monaco-diff-editor .editor.original'), modified: this.page.locator('.monaco-diff-editor .editor.modified') };
  }

  /** Chooses from the context menu of an element: the way down the menus by their labels. */
  async contextMenu(of: Locator, ...way: readonly string[]): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    await of.click({ button: 'right' });
    for (const [i, label] of way.entries()) {
      const item = menu.getByText(label, { exact: true });
      if (i < way.length - 1) await item.hover();
      // A menu takes no click right after it opens, so that the click that opened it chooses nothing.
      else await poll(async () => {
        if (await menu.count() > 0) await item.click({ timeout: 2000 }).catch(() => undefined);
        return menu.count();
      }, (n) => n === 0, `the menu to close on "${label}"`);
    }
  }

  // ---- views

  async openViewContainer(title: string): Promise<void> {
    const item = this.page.locator('.part.activitybar').getByRole('tab', { name: new RegExp(`^${escaped(title)}( \\(|$| -)`) });
    if ((await item.getAttribute('aria-selected')) !== 'true') await item.click();
  }

  /** A row of a tree by its (accessible) name. */
  treeItem(name: string | RegExp): Locator {
    return this.page.locator('.part.sidebar, .part.auxiliarybar, .part.panel').getByRole('treeitem', { name });
  }

  async expand(name: string | RegExp): Promise<void> {
    const row = this.treeItem(name).first();
    await row.waitFor();
    // On the arrow: a click on the label may also run the item's command.
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
    await poll(() => row.getAttribute('aria-expanded'), (v) => v === 'true', `${String(name)} to be expanded`);
  }

  // ---- terminal

  /** Everything in the active terminal, wrapped lines joined. */
  async terminalText(): Promise<string> {
    return plain(await this.page.evaluate(() => {
      interface Line { readonly isWrapped: boolean; translateToString(trim: boolean): string }
      interface Wrapper { readonly xterm?: { readonly buffer: { readonly active: { readonly length: number; getLine(i: number): Line | undefined } } } }
      const buffer = (document.querySelector('.terminal-wrapper.active') as Wrapper | null)?.xterm?.buffer.active;
      const lines: string[] = [];
      for (let i = 0; buffer && i < buffer.length; i++) {
        const line = buffer.getLine(i);
        if (!line) continue;
        const text = line.translateToString(!buffer.getLine(i + 1)?.isWrapped);
        if (line.isWrapped && lines.length > 0) lines[lines.length - 1] = (lines.at(-1) ?? '') + text;
        else lines.push(text);
      }
      return lines.join('\n').trimEnd();
    }));
  }

  async terminalShows(what: RegExp, timeoutMs?: number): Promise<string> {
    return poll(() => this.terminalText(), (t) => what.test(t), `the terminal to show ${what.source}`, timeoutMs);
  }

  // ---- webviews

  /** The content of the visible webview with this title: its page lies in a frame of a frame. */
  webview(title: string): FrameLocator {
    return this.page.locator('iframe.webview.ready').filter({ visible: true }).first().contentFrame().frameLocator(`iframe#active-frame[title="${title}"]`);
  }

  // ---- notifications, dialogs, status bar

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** What all notifications say, those too that are no longer on screen. */
  async notifications(): Promise<readonly string[]> {
    await this.page.keyboard.press('Escape');
    await this.command('Notifications: Show Notifications', 10_000);
    return this.page.locator('.notifications-center .notification-list-item').allTextContents();
  }

  /** Presses a button of a notification. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button, exact: true }).click();
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }
}

/** Asks again until the answer is right. Throws with the last answer. */
export async function poll<T>(get: () => T | Promise<T>, right: (value: T) => boolean, what: string, timeoutMs = 30_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ;) {
    let last: string;
    try {
      const value = await get();
      if (right(value)) return value;
      last = JSON.stringify(value);
    } catch (e) {
      last = e instanceof Error ? e.message : String(e);
    }
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s for ${what}; last: ${last}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
