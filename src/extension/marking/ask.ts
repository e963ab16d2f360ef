// Asks how a function is to be measured: the ways that the command sees, then what a way needs to know.

import * as vscode from 'vscode';
import { guessDirection, guessKind } from '../../core/metric.ts';
import type { Way, WaysAnswer } from './answers.ts';

const ICONS: Readonly<Record<string, string>> = { call: '$(symbol-method)', benchmark: '$(new-file)', command: '$(terminal)', timer: '$(watch)' };

/** The arguments of `sigil mark` that say how to measure; null when the user gave up. */
export async function askHow(found: WaysAnswer): Promise<readonly string[] | null> {
  const name = found.symbol ?? found.id;
  const title = vscode.l10n.t('Mark {0}: how is it measured?', name);
  const first = found.ways.filter((w) => w.id === found.automatic);
  const items = [...first, ...found.ways.filter((w) => w.id !== found.automatic)].map((way) => ({
    label: `${ICONS[way.id] ?? '$(beaker)'} ${way.label}`, detail: way.detail, way,
    ...(way.id === found.automatic ? { description: vscode.l10n.t('recommended') } : {}),
  }));
  const gates = found.gates.map((g) => g.name).join(', ');
  const placeHolder = gates === '' ? vscode.l10n.t('No tests were recognised') : vscode.l10n.t('{0} must pass before a solution is measured', gates);
  const way = (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true, ignoreFocusOut: true }))?.way;
  return way === undefined ? null : details(way, name);
}

async function details(way: Way, name: string): Promise<readonly string[] | null> {
  const args = ['--measure', way.id];
  const title = vscode.l10n.t('Mark {0}: {1}', name, way.label);
  if (way.asks.includes('command')) {
    const command = await vscode.window.showInputBox({
      title, prompt: vscode.l10n.t('The command, run in the project’s folder'), placeHolder: 'python3 bench.py', ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A command is needed') : undefined),
    });
    if (command === undefined) return null;
    args.push('--command', command);
  }
  if (!way.asks.includes('metric')) return args;
  const optional = !way.asks.includes('goal');
  const metric = await vscode.window.showInputBox({
    title, value: way.metric ?? '', placeHolder: 'speedup', ignoreFocusOut: true,
    prompt: optional ? vscode.l10n.t('The name of the number that it prints, as in “speedup: 1.2”. Empty: its CPU time is taken') : vscode.l10n.t('The name of the number that it prints, as in “speedup: 1.2”'),
    validateInput: (text) => (/^[A-Za-z_][\w.]*$/.test(text) || (optional && text === '') ? undefined : vscode.l10n.t('A name of letters, digits, _ and .')),
  });
  if (metric === undefined) return null;
  args.push('--metric', metric);
  if (metric === '') return args;
  const up = guessDirection(guessKind(metric)) === 'maximize';
  const goals = [{ label: vscode.l10n.t('More is better'), goal: 'max' }, { label: vscode.l10n.t('Less is better'), goal: 'min' }];
  const goal = await vscode.window.showQuickPick(up ? goals : goals.reverse(), { title: vscode.l10n.t('Mark {0}: which way is “{1}” better?', name, metric), ignoreFocusOut: true });
  return goal === undefined ? null : [...args, '--goal', goal.goal];
}
