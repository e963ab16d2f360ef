// The measured pairs of one solution, found in a journal without parsing the rest: rounds are most of it.

import { open } from 'node:fs/promises';
import type { Event } from '../../core/events.ts';
import type { SolutionId } from '../../core/solution.ts';
import { isEvent } from '../../protocol/journal.ts';

export type Round = Extract<Event, { type: 'round' }>;

const CHUNK = 1 << 22;
const NEWLINE = 10;

/**
 * The rounds of a solution in the journal's order; none of a journal that is not there. Between chunks others may work: this runs in
 * the editor's extension host.
 */
export async function roundsOf(path: string, id: SolutionId): Promise<readonly Round[]> {
  // As the journal writes it: `"type":"round","id":"…"`. JSON.stringify quotes an id as it is quoted there.
  const needle = Buffer.from(`"type":"round","id":${JSON.stringify(id)},`);
  const out: Round[] = [];
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return out;
  }
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
      if (bytesRead === 0) return out; // a last line without its newline is still being written
      const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const whole = data.lastIndexOf(NEWLINE) + 1;
      for (let at = data.indexOf(needle); at >= 0 && at < whole; at = data.indexOf(needle, at + needle.length)) {
        const round = parsed(data.subarray(data.lastIndexOf(NEWLINE, at) + 1, data.indexOf(NEWLINE, at)).toString('utf8'));
        if (round?.id === id) out.push(round);
      }
      rest = data.subarray(whole);
    }
  } finally {
    await file.close();
  }
}

function parsed(line: string): Round | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) && value.type === 'round' ? value : null; // a summary or output may hold the same text
  } catch {
    return null;
  }
}
