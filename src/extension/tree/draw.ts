// Tree items: what the pure labels say, as VS Code takes it.

import * as vscode from 'vscode';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { asCommand } from '../contributions.ts';
import type { Wanted } from '../run/queue.ts';
import { briefOfState, briefOfSummary, briefSentence, briefText, type Brief } from '../run/summary.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import type { MoreNode, Node, ProjectNode, QueuedNode, RunNode, SolutionNode, SpecNode, AsideNode } from './nodes.ts';
import { runLabel } from './run-labels.ts';
import { solutionContext, solutionDescription, solutionDetails, solutionIcon, solutionLabel, solutionSentence, type Icon } from './solution-labels.ts';

const { t } = vscode.l10n;
const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

function themeIcon({ icon, color }: Icon): vscode.ThemeIcon {
  return color === undefined ? new vscode.ThemeIcon(icon) : new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

function item(node: Node, label: string, icon: Icon, state: vscode.TreeItemCollapsibleState, context: string): vscode.TreeItem {
  const out = new vscode.TreeItem(label, state);
  out.id = node.id;
  out.iconPath = themeIcon(icon);
  out.contextValue = context;
  return out;
}

function say(out: vscode.TreeItem, sentence: string): vscode.TreeItem {
  out.accessibilityInformation = { label: sentence, role: 'treeitem' };
  return out;
}

/** A running or killed run is folded for this, one that has ended is not. */
export function briefOf(entry: RunEntry): Brief {
  const summary = entry.status() === 'running' ? null : entry.summary();
  return summary === null ? briefOfState(entry.state(), entry.status()) : briefOfSummary(summary);
}

export function drawProject(node: ProjectNode, name: string): vscode.TreeItem {
  const out = item(node, name, { icon: 'root-folder' }, Expanded, 'project');
  out.tooltip = node.ref.root;
  return say(out, `${t('Project {0}', name)}.`);
}

export function drawSpec(node: SpecNode, runs: readonly RunEntry[], waiting: boolean): vscode.TreeItem {
  const out = item(node, node.ref.spec, { icon: 'symbol-method' }, runs.length > 0 || waiting ? Expanded : None, 'spec');
  out.description = runs.length === 0 ? (waiting ? '' : t('no run yet')) : runs.length === 1 ? t('1 run') : t('{0} runs', runs.length);
  out.tooltip = t('The spec “{0}”: what may change, and how it is judged', node.ref.spec);
  return say(out, `${t('Spec {0}', node.ref.spec)}, ${out.description}.`);
}

export function drawQueued(node: QueuedNode, starting: boolean, wanted: Wanted | null): vscode.TreeItem {
  const what = wanted?.resume !== null && wanted !== null ? t('Resume {0}', wanted.resume) : t('New run');
  const out = item(node, what, { icon: starting ? 'loading~spin' : 'clock' }, None, starting ? 'queued:starting' : wanted?.held === true ? 'queued:held' : 'queued:waiting');
  out.description = starting ? t('starting') : wanted?.held === true ? t('left over: start it, or remove it') : t('queued');
  out.tooltip = starting ? '' : t('Times are measured by one run at a time. It starts when the run before it has ended.');
  return say(out, `${what}, ${out.description}.`);
}

const RUN_ICONS = {
  running: { icon: 'loading~spin', color: 'charts.blue' },
  interrupted: { icon: 'debug-pause', color: 'list.warningForeground' },
  gain: { icon: 'pass-filled', color: 'testing.iconPassed' },
  none: { icon: 'circle-outline' },
  broken: { icon: 'error', color: 'testing.iconFailed' },
} as const satisfies Record<string, Icon>;

export function drawRun(node: RunNode, entry: RunEntry | undefined, open: boolean): vscode.TreeItem {
  const label = runLabel(node.ref.run, node.ref.workspace, vscode.env.language, new Date());
  if (entry === undefined) return item(node, label, RUN_ICONS.none, None, 'run:gone');
  const b = briefOf(entry);
  const icon = b.status !== 'finished' ? b.status : b.reason === 'eval-broken' ? 'broken' : b.best === null ? 'none' : 'gain';
  const out = item(node, label, RUN_ICONS[icon], open ? Expanded : Collapsed, `run:${b.status}${b.stopping ? ':stopping' : ''}${b.best === null ? '' : ':best'}`);
  out.description = briefText(b, t);
  out.tooltip = `${node.ref.run}\n${briefSentence(b, t)}`;
  return say(out, `${t('Run of {0}', label)}. ${briefSentence(b, t)}`);
}

export function drawSolution(node: SolutionNode, state: RunState, s: SolutionState, below: number, open: boolean): vscode.TreeItem {
  const out = item(node, solutionLabel(state, s), solutionIcon(state, s), below === 0 ? None : open ? Expanded : Collapsed, solutionContext(state, s));
  out.description = solutionDescription(state, s, t);
  if (s.patch !== '') out.command = asCommand('sigil.openDiff', t('Open Diff'), node.ref);
  return say(out, `${solutionSentence(state, s, t)}${below === 0 ? '' : ` ${t('{0} solutions derive from it.', below)}`}`);
}

export function explainSolution(state: RunState, s: SolutionState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(s.summary).appendMarkdown('**\n\n');
  for (const [name, value] of solutionDetails(state, s, t)) text.appendMarkdown('- ').appendText(`${name}: ${value}`).appendMarkdown('\n');
  return text;
}

export function drawAside(node: AsideNode, n: number): vscode.TreeItem {
  const failed = node.of === 'failed';
  const label = failed ? t('{0} failed', n) : n === 1 ? t('1 duplicate or invalid') : t('{0} duplicates and invalid', n);
  const out = item(node, label, { icon: failed ? 'error' : 'archive', color: 'disabledForeground' }, Collapsed, `aside:${node.of}`);
  out.tooltip = failed ? t('A check failed, or they crashed or took too long. None of them can be a parent.') : t('Tried before, or without an applicable edit. They were not measured, and do not count as evaluations.');
  return say(out, `${label}. ${out.tooltip}`);
}

export function drawMore(node: MoreNode, left: number): vscode.TreeItem {
  const out = item(node, t('Show more'), { icon: 'ellipsis' }, None, 'more');
  out.description = t('{0} left', left);
  out.command = asCommand('sigil.showMore', t('Show more'), node);
  return say(out, `${t('Show more')}, ${out.description}.`);
}
