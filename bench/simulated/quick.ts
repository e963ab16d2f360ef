// An evaluation that costs a millisecond: a shell asks this process what a program is worth, instead of starting Python and Node for it. A
// program counts if it is a program of the landscape, letter for letter; whatever else it may be fails.

import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Landscape } from '../landscapes.ts';
import { FILE, programsIn, programText } from './program.ts';

/** The file ends with a line of its own, since a shell cannot close its half of a connection. */
const END = '\nEND\n';
const script = (port: number): string => `exec 3<>/dev/tcp/127.0.0.1/${port} || exit 2
printf '%s\\nEND\\n' "$(<"$1")" >&3
read -r line <&3
echo "$line"
[[ $line == worth:* ]]
`;
export const MEASURE = 'bash worth.sh PROGRAM';

/** What a program is worth; null for what is none. */
function worthOf(text: string, land: Landscape): number | null {
  const [found] = programsIn(text, land.places);
  const isOne = found !== undefined && text.trim() === programText(found.code).trim() && found.code.every((v) => v < land.variants);
  return isOne ? land.worth(found.code) : null;
}

/** @param note is told of each evaluation */
export async function serveWorth(land: Landscape, note: (worth: number | null) => void): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy()).setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (!text.endsWith(END)) return;
      const worth = worthOf(text.slice(0, -END.length), land);
      note(worth);
      socket.end(worth === null ? 'this program fails\n' : `worth: ${worth}\n`);
    });
  });
  await new Promise<void>((up, fail) => server.once('error', fail).listen(0, '127.0.0.1', up));
  return server;
}

/** The project of a landscape whose evaluation asks that server. */
export function writeQuickProject(root: string, land: Landscape, server: Server): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, FILE), programText(Array.from({ length: land.places }, () => 0)));
  writeFileSync(join(root, 'worth.sh'), script((server.address() as AddressInfo).port));
  writeFileSync(join(root, 'sigil.yaml'), `version: 1
specs:
  simulated:
    pins: [${FILE}#choose]
    measure: "${MEASURE.replace('PROGRAM', FILE)}"
    network: true
    metrics:
      - { name: worth, kind: score }
    objective: maximize worth
`);
}
