// Samples where a Node program spends its time, and writes that into the folder $SIGIL_PROFILE at its end. Loaded into each Node process of an
// evaluation by --require, since NODE_OPTIONS takes no --cpu-prof. The same form as python/sigil_profile's; V8 tells no line of a call, so lines
// have their own samples only.

import { renameSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const INTERVAL_US = 1000;

function pathOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}

/** V8's call tree as sums. Time in which nothing ran counts for nothing. */
function summed(profile: Profiler.Profile): object {
  const nodes = new Map(profile.nodes.map((n) => [n.id, n]));
  const functions = new Map<string, { at: readonly [string, string, number]; own: number; total: number }>();
  const lines = new Map<string, { file: string; line: number; own: number }>();
  let samples = 0;
  const visit = (n: Profiler.ProfileNode, above: ReadonlySet<string>): number => {
    const { url, functionName, lineNumber } = n.callFrame;
    if (functionName === '(idle)' || functionName === '(program)') return 0;
    const own = n.hitCount ?? 0;
    samples += own;
    const file = pathOf(url);
    const key = `${file}\n${functionName}\n${lineNumber}`;
    const here = functions.get(key) ?? { at: [file, functionName === '' ? '(anonymous)' : functionName, lineNumber + 1] as const, own: 0, total: 0 };
    functions.set(key, here);
    here.own += own;
    for (const t of n.positionTicks ?? []) {
      const line = lines.get(`${file}\n${t.line}`) ?? { file, line: t.line, own: 0 };
      line.own += t.ticks;
      lines.set(`${file}\n${t.line}`, line);
    }
    const inside = new Set([...above, key]);
    const total = own + (n.children ?? []).reduce((sum, id) => sum + visit(nodes.get(id) as Profiler.ProfileNode, inside), 0);
    if (!above.has(key)) here.total += total;
    return total;
  };
  const [root] = profile.nodes;
  if (root !== undefined) for (const id of root.children ?? []) visit(nodes.get(id) as Profiler.ProfileNode, new Set());
  return { samples, functions: [...functions.values()].map((f) => [...f.at, f.own, f.total]), lines: [...lines.values()].map((l) => [l.file, l.line, l.own, null]) };
}

function begin(folder: string): void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  let written = false;
  const write = (): void => {
    if (written) return;
    written = true;
    session.post('Profiler.stop', (error, { profile }) => {
      if (error !== null) return;
      const path = join(folder, `node-${process.pid}.json`);
      writeFileSync(`${path}.part`, JSON.stringify(summed(profile)));
      renameSync(`${path}.part`, path);
    });
  };
  process.on('exit', write);
  // Whoever ends the process by this tells no listener.
  const own = process as unknown as { reallyExit: (code?: number) => never };
  const reallyExit = own.reallyExit.bind(process);
  own.reallyExit = (code) => {
    write();
    return reallyExit(code);
  };
}

const folder = process.env['SIGIL_PROFILE'];
if (folder !== undefined && folder !== '' && isMainThread) {
  try {
    begin(folder);
  } catch {
    // A profile is a help, and never the reason why a program fails.
  }
}
