// The Solutions panel's beginning: browser code.

import type { ToPanel } from '../src/protocol/panel.ts';
import { connect } from './host.ts';
import { panel } from './panel.ts';
import './style/main.css';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the panel');
const host = connect();
const page = panel(root, host);
// Only the editor can post to this page: its frame is of an origin of its own.
window.addEventListener('message', (e: MessageEvent<ToPanel>) => { page.hear(e.data); });
// The editor tells of another theme by the body's classes and the root's variables.
new MutationObserver(() => { page.repaint(); }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
host.send({ type: 'ready' });
