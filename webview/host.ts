// The door to the extension: typed messages, and what the page remembers of itself (navigation only, never data).

import type { FromPanel, PanelRef } from '../src/protocol/panel.ts';
import type { Order } from './model/tree.ts';

/** Kept by the editor across hiding and reloads. The run's reference stands at the top, where the extension looks for it. */
export interface Remembered extends Partial<PanelRef> {
  readonly id?: string;
  readonly scroll?: number;
  readonly order?: Order;
  readonly text?: string;
  readonly outcome?: string;
  readonly split?: number;
  readonly collapsed?: readonly string[];
  readonly progress?: 'chart' | 'table' | 'map' | 'none';
  /** Of the map: its number; −1 for all. */
  readonly island?: number;
  readonly against?: 'baseline' | 'parent';
  readonly layout?: 'unified' | 'side-by-side';
}

export interface Host {
  send(message: FromPanel): void;
  remembered(): Remembered;
  remember(change: Remembered): void;
}

declare function acquireVsCodeApi(): { postMessage(message: unknown): void; getState(): unknown; setState(state: unknown): void };

export function connect(): Host {
  const api = acquireVsCodeApi();
  const state = api.getState();
  let known = (typeof state === 'object' && state !== null ? state : {}) as Remembered;
  return {
    send: (message) => { api.postMessage(message); },
    remembered: () => known,
    remember: (change) => {
      known = { ...known, ...change };
      api.setState(known);
    },
  };
}
