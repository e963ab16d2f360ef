// Commands that take a while and may be called off: a first Ctrl-C, SIGTERM or closed terminal ends them at once, with nothing left behind.

import type { Globals } from './main.ts';
import type { Output } from './view/terminal.ts';

/** Does the work, and returns its exit code, or 130 when it was called off. */
export async function cancellable(globals: Globals, out: Output, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => { abort.abort(); };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const s of names) process.on(s, stop);
  try {
    return await work(abort.signal);
  } catch (e) {
    if (!abort.signal.aborted) throw e;
    if (globals.json) out.document({ error: 'called off: nothing was written', remedy: '', exitCode: 130 });
    else out.line('Called off: nothing was written.');
    return 130;
  } finally {
    for (const s of names) process.off(s, stop);
  }
}
