// One item of the status bar, while something runs or waits.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { asCommand } from '../contributions.ts';
import type { Runner } from './runner.ts';
import { briefOfState, briefSentence, progressText } from './summary.ts';

/** The item is read, not watched: twice a second is enough. */
const AGAIN_MS = 500;

export function registerStatusBar(app: App, runner: Runner): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('sigil.running', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('Sigil: Runs');
  let timer: NodeJS.Timeout | null = null;

  const draw = (): void => {
    timer = null;
    const running = app.runs.running();
    const waiting = runner.waiting();
    const last = running.at(-1);
    const starting = waiting.find((w) => w.starting);
    if (last === undefined && starting === undefined) {
      item.hide();
      return;
    }
    const queued = waiting.filter((w) => !w.starting).length;
    const more = [...(running.length > 1 ? [vscode.l10n.t('{0} runs', running.length)] : []), ...(queued > 0 ? [vscode.l10n.t('{0} queued', queued)] : [])];
    const text = last === undefined ? vscode.l10n.t('starting') : progressText(briefOfState(last.state(), 'running'), vscode.l10n.t);
    item.text = `$(sync~spin) ${['Sigil', ...more].join(' · ')}: ${text}`;
    const told = running.map((e) => `${e.ref.spec}. ${briefSentence(briefOfState(e.state(), 'running'), vscode.l10n.t)}`);
    item.tooltip = [...told, vscode.l10n.t('Click to show the runs.')].join('\n');
    item.accessibilityInformation = { label: `Sigil. ${told.join(' ')}`, role: 'button' };
    item.command = last === undefined ? asCommand('sigil.showRuns', '') : asCommand('sigil.showRuns', '', last.ref);
    item.show();
  };
  const soon = (): void => { timer ??= setTimeout(draw, AGAIN_MS); };
  draw();
  return vscode.Disposable.from(item, app.runs.onDidChange(soon), runner.onDidChange(draw), { dispose: () => { if (timer) clearTimeout(timer); } });
}
