// The two signals of a run: end after the evaluation in flight, and end at once.

import { setMaxListeners } from 'node:events';
import type { Output } from '../view/terminal.ts';

export interface Signals {
  readonly interrupt: AbortSignal;
  readonly abort: AbortSignal;
  readonly off: () => void;
}

/**
 * The first Ctrl-C ends after the evaluation in flight, the second at once; a closed terminal and SIGTERM count as the first. Who closes a
 * terminal may send its SIGHUP twice, the editor's own and the kernel's: it never counts as the second.
 * @param asks whether models or agents are asked, whose answers may be under way
 */
export function signals(out: Output, asks: boolean): Signals {
  const interrupt = new AbortController();
  const abort = new AbortController();
  setMaxListeners(0, interrupt.signal, abort.signal); // each lane and each call in flight listens
  const onSignal = (signal: NodeJS.Signals): void => {
    if (interrupt.signal.aborted) {
      if (signal !== 'SIGHUP') abort.abort();
    } else {
      interrupt.abort();
      out.stream.write(`\nStopping after the evaluation in flight${asks ? ' and the answers that are under way, which are kept' : ''}; press Ctrl-C again to stop at once.\n`);
    }
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const s of names) process.on(s, onSignal);
  return { interrupt: interrupt.signal, abort: abort.signal, off: () => { for (const s of names) process.off(s, onSignal); } };
}
