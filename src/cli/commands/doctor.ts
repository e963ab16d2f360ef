// `doctor`: what this machine has, and what is missing for which use.

import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { findNode } from '../../adapters/call/node-path.ts';
import { machineFacts } from '../../adapters/sandbox/machine.ts';
import { probeBubblewrap } from '../../adapters/sandbox/probe.ts';
import { cacheFolder } from '../../adapters/checkout/cache.ts';
import { UserError } from '../../core/errors.ts';
import { isAgent } from '../../adapters/agents/choose.ts';
import { endpointOf } from '../../adapters/models/providers.ts';
import { readUserConfig } from '../../adapters/user-config.ts';
import { keyWords } from '../model-setup.ts';
import { BUILTIN } from '../models.ts';
import { projectRoot } from '../project.ts';
import { version } from '../version.ts';
import type { Globals } from '../main.ts';
import { Output } from '../view/terminal.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly remedy: string;
}

function programVersion(program: string, args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 }).trim().split('\n')[0] ?? '';
  } catch {
    return null;
  }
}

async function runnerNode(): Promise<Check> {
  const name = 'Node for call evals';
  try {
    return { name, ok: true, found: await Promise.resolve(findNode()), remedy: '' };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return { name, ok: false, found: e.message, remedy: e.remedy };
  }
}

/** The model that runs ask, and where its key comes from; never the key. */
function modelCheck(root: string): Check {
  const name = 'model';
  try {
    const { model, baseUrl } = readUserConfig();
    if (model === null || model === BUILTIN) return { name, ok: true, found: 'none set up: the built-in mutators propose', remedy: model === null ? '"sigil models setup" sets one up.' : '' };
    if (isAgent(model)) return { name, ok: true, found: `${model}, a command-line agent with its own login or key`, remedy: '' };
    const endpoint = endpointOf(model, baseUrl, root);
    return { name, ok: true, found: `${model} at ${endpoint.baseUrl}; ${keyWords(endpoint)}`, remedy: '' };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return { name, ok: false, found: e.message, remedy: e.remedy };
  }
}

export async function doctor(globals: Globals): Promise<number> {
  const out = new Output(globals.json);
  const machine = machineFacts();
  const bwrap = await probeBubblewrap();
  const git = programVersion('git', ['--version']);
  const python = programVersion('python3', ['--version']);
  const [load = 0] = loadavg();
  const checks: Check[] = [
    { name: 'sandbox', ok: bwrap.ok, found: bwrap.ok ? `bubblewrap (${bwrap.bwrap})` : bwrap.reason, remedy: bwrap.ok ? '' : bwrap.remedy },
    { name: 'git', ok: git !== null, found: git ?? 'not found', remedy: git === null ? 'Without git, checkouts are copies of the folder: fine for small projects.' : '' },
    await runnerNode(),
    { name: 'python', ok: python !== null, found: python ?? 'not found', remedy: python === null ? 'Needed only for Python projects.' : '' },
    modelCheck(projectRoot(globals.cwd)),
    { name: 'load', ok: load < machine.cores * 0.75, found: `${load.toFixed(2)} on ${machine.cores} cores`, remedy: load < machine.cores * 0.75 ? '' : 'Other programs are busy: measurements stay valid, but take longer to decide.' },
    { name: 'checkouts', ok: true, found: cacheFolder(), remedy: '' },
  ];
  if (globals.json) out.document({ version: version(), machine, checks });
  else {
    out.line(`sigil ${version()} on ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, ${machine.os}, Node ${machine.node}`);
    for (const c of checks) {
      out.line(`${c.ok ? out.paint('✔', 'green') : out.paint('✗', 'yellow')} ${c.name.padEnd(20)} ${c.found}`);
      if (c.remedy !== '') out.line(`  ${' '.repeat(20)} → ${c.remedy}`);
    }
  }
  return 0;
}
