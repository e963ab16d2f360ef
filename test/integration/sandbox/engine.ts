// Stands in for an engine that is killed: starts one command, tells its parent the runner's process id, and waits.

import { chooseLevel } from '../../../src/adapters/sandbox/level.ts';
import { scan } from '../../../src/adapters/sandbox/procfs.ts';
import { Sandbox } from '../../../src/adapters/sandbox/runner-client.ts';
import { NEVER, requestIn } from './support.ts';

async function main(): Promise<void> {
  const [level, root = '', command = ''] = process.argv.slice(2);
  const sandbox = await Sandbox.start(await chooseLevel(level === 'bubblewrap' ? 'required' : 'none'));
  const running = sandbox.run(requestIn(root, command), NEVER);
  process.send?.([...scan()?.values() ?? []].find((p) => p.ppid === process.pid)?.pid);
  await running;
}
void main();
