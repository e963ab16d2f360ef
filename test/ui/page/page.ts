// The Solutions panel's page in plain Chromium, under the very policy that the extension sets, with a stand-in for the editor around it.
//
// themes.json holds what VS Code 1.139 gives a webview: its default style, and per theme the body's classes and the root's variables.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../vscode/versions.mjs';
import { pageHtml } from '../../../src/extension/panel/html.ts';
import type { FromPanel, ToPanel } from '../../../src/protocol/panel.ts';

const root = resolve(import.meta.dirname, '../../..');
const ORIGIN = 'http://panel.test';
const FILES: Readonly<Record<string, string>> = { 'main.js': 'text/javascript', 'main.css': 'text/css', 'codicon.ttf': 'font/ttf' };

export const THEMES = ['dark', 'light', 'hc-black', 'hc-light'] as const;
export type Theme = (typeof THEMES)[number];
interface ThemeFacts { readonly className: string; readonly style: Readonly<Record<string, string>> }
const { defaults, themes } = JSON.parse(readFileSync(join(import.meta.dirname, 'themes.json'), 'utf8')) as { defaults: string; themes: Readonly<Record<Theme, ThemeFacts>> };

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND'],
  });
}

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the page remembers from before. */
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
}

export interface PanelPage {
  readonly page: Page;
  /** What the page has told the extension, oldest first. */
  sent(): Promise<readonly FromPanel[]>;
  send(message: ToPanel): Promise<void>;
  state(): Promise<unknown>;
  theme(theme: Theme): Promise<void>;
  /** Errors of scripts, and everything that the policy has refused. */
  problems(): Promise<readonly string[]>;
  close(): Promise<void>;
}

function themeCss(theme: Theme): string {
  return `:root { ${Object.entries(themes[theme].style).map(([k, v]) => `${k}: ${v};`).join(' ')} }`;
}

interface StandIn { sent: FromPanel[]; refused: string[]; state: unknown }

export async function openPage(browser: Browser, o: PageOptions = {}): Promise<PanelPage> {
  const context = await browser.newContext({ viewport: { width: o.width ?? 1200, height: o.height ?? 800 }, reducedMotion: o.reducedMotion ? 'reduce' : 'no-preference' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.stack ?? e.message));
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  const theme = o.theme ?? 'dark';
  // The editor's own style comes before the page's, as a style sheet here since the policy lets no inline one in.
  const html = pageHtml({ title: 'Solutions', language: 'en', nonce: 'bm9uY2U=', source: ORIGIN, script: `${ORIGIN}/main.js`, style: `${ORIGIN}/main.css` })
    .replace('<link ', `<link id="theme" rel="stylesheet" href="${ORIGIN}/${theme}.css"><link rel="stylesheet" href="${ORIGIN}/defaults.css"><link `)
    .replace('<body>', `<body class="${themes[theme].className}">`);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html });
    if (name === 'defaults.css') return route.fulfill({ contentType: 'text/css', body: defaults });
    const wanted = THEMES.find((t) => `${t}.css` === name);
    if (wanted) return route.fulfill({ contentType: 'text/css', body: themeCss(wanted) });
    const type = FILES[name];
    return type ? route.fulfill({ contentType: type, headers: { 'Access-Control-Allow-Origin': '*' }, body: readFileSync(join(root, 'dist/webview', name)) }) : route.fulfill({ status: 404, body: '' });
  });
  // As text: what the loader makes of named functions does not run in a page.
  await page.addInitScript(`{
    const standIn = { sent: [], refused: [], state: ${JSON.stringify(o.state) as string | undefined ?? 'undefined'} };
    document.addEventListener('securitypolicyviolation', (e) => standIn.refused.push([e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber, e.columnNumber, e.sample].join(' ')));
    window.standIn = standIn;
    window.acquireVsCodeApi = () => ({
      postMessage: (m) => { standIn.sent.push(m); },
      getState: () => standIn.state,
      setState: (s) => { standIn.state = JSON.parse(JSON.stringify(s)); },
    });
  }`);
  await page.goto(`${ORIGIN}/`);
  const get = async <K extends keyof StandIn>(key: K): Promise<StandIn[K]> => page.evaluate((k) => (window as unknown as { standIn: StandIn }).standIn[k], key) as Promise<StandIn[K]>;
  return {
    page,
    sent: () => get('sent'),
    state: () => get('state'),
    send: (message) => page.evaluate((m) => { window.postMessage(m, '*'); }, message),
    theme: (to) => page.evaluate(async ([css, className]) => {
      const link = document.getElementById('theme') as HTMLLinkElement;
      await new Promise((loaded) => { link.addEventListener('load', loaded, { once: true }); link.href = css; });
      document.body.className = className;
    }, [`${ORIGIN}/${to}.css`, themes[to].className] as const),
    problems: async () => [...errors, ...(await get('refused'))],
    close: () => context.close(),
  };
}
