/**
 * Calls the pinned JavaScript or TypeScript function on inputs: `node js-runner.js REQUEST` on Node 22.15 or later.
 * What is asked and answered: protocol.ts.
 *
 * Clocks, the file for the answer, the nonce and all helpers are taken before any code of the project is loaded; the request is
 * deleted first. What cannot be prevented inside one process: code that reads the nonce out of this process's memory (its heap
 * snapshot, its inspector, /proc/self/mem), native add-ons, work done in another process. Against these stand the comparison of
 * the results of the timed calls themselves, the engine's own clock, and the sandbox.
 *
 * Limits: TypeScript is stripped, not compiled: namespaces with values are dropped.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failed, describe, stackTail } from './failed.ts';
import { installHooks, PIN } from './hooks.ts';
import { digest, Session } from './js-calls.ts';
import { inputsFromFile, inputsFromGenerator, type Call } from './js-inputs.ts';
import { findTarget, wanted, type Wanted } from './js-target.ts';
import * as p from './primordials.ts';
import type { Request } from './protocol.ts';

const { writeSync, ftruncateSync, realpathSync } = fs;
const exit = (process as unknown as { reallyExit: (code: number) => never }).reallyExit.bind(process);

interface Begun {
  readonly request: Request;
  readonly stage: (name: 'load' | 'call') => void;
  readonly answer: (text: string) => never;
}

/** Reads and deletes the request; gives the functions that answer. */
function begin(path: string): Begun {
  const { nonce, answer: file, ...rest } = JSON.parse(fs.readFileSync(path, 'utf8')) as Request;
  fs.unlinkSync(path);
  const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_CREAT, 0o600);
  const put = (text: string): void => {
    ftruncateSync(fd, 0);
    writeAll(fd, text);
  };
  return {
    request: { ...rest, nonce: '', answer: '' },
    stage: (name) => { put(`{"stage":"${name}"}`); },
    answer: (text) => {
      put(`{"v":1,"nonce":"${nonce}",${text}}`);
      return exit(0);
    },
  };
}

const bytes = Buffer.from.bind(Buffer) as (text: string, encoding: 'utf8') => Buffer;

function writeAll(fd: number, text: string): void {
  const data = bytes(text, 'utf8');
  for (let at = 0; at < data.length;) at += writeSync(fd, data, at, data.length - at, at);
}

/** Math.random from a seed (mulberry32): functions that draw numbers do the same work and give the same results each time. */
function seededRandom(): (seed: number) => void {
  let a = 0;
  const { imul } = Math;
  Math.random = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = imul(a ^ (a >>> 15), 1 | a);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return (seed) => { a = seed | 0; };
}

/** Loads files of the project and hands out their top-level names, exported or not. */
class Project {
  private readonly root: string;
  private readonly loads: readonly { readonly of: Wanted; readonly path: string; readonly id: number; readonly at: number }[];
  private readonly values = p.create(null) as Record<number, Record<number, unknown> | undefined>;

  /** All that will be asked for, so that nothing but loading is left to do once code of the project has run. */
  constructor(root: string, all: readonly Wanted[]) {
    this.root = root;
    const exposed = new Map<string, { id: number; names: string[] }>();
    this.loads = all.map((of) => {
      const path = this.path(of.file);
      const entry = exposed.get(path) ?? { id: exposed.size, names: [] };
      exposed.set(path, entry);
      return { of, path, id: entry.id, at: entry.names.push(of.names[0] as string) - 1 };
    });
    Object.defineProperty(globalThis, PIN, { value: (id: number, values: Record<number, unknown>) => { this.values[id] = values; }, configurable: true });
    installHooks(exposed);
  }

  private path(file: string): string {
    try {
      return realpathSync(join(this.root, file));
    } catch {
      throw new Failed('eval', 'load', `${file} does not exist.`, 'Correct the path in the spec; it starts at the project root.');
    }
  }

  /** The value of the first name of the `n`-th wanted symbol. */
  async first(n: number, blame: 'eval' | 'candidate'): Promise<unknown> {
    const { of, path, id, at } = this.loads[n] as (typeof this.loads)[number];
    let namespace: Record<string, unknown>;
    try {
      namespace = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    } catch (error) {
      throw new Failed(blame, 'load', `${of.file} fails to load: ${describe(error)}.`, 'Check that its imports exist from the project root with dependencies installed.', stackTail(error));
    }
    const name = of.names[0] as string;
    return this.values[id]?.[at] ?? namespace[name] ?? (namespace['default'] as Record<string, unknown> | undefined)?.[name];
  }
}

/** Does what the request asks. Returns the answer's text from its mode on. Throws Failed. */
async function work(request: Request, stage: Begun['stage']): Promise<string> {
  const root = realpathSync(request.root);
  process.chdir(root);
  const source = request.inputs;
  const spec = 'generator' in source ? source.generator : '';
  const colon = spec.lastIndexOf(':');
  const generator = 'generator' in source ? wanted(spec.slice(0, Math.max(colon, 0)), spec.slice(colon + 1), 'eval') : null;
  if (generator !== null && (generator.file === '' || generator.symbol === '')) throw new Failed('eval', 'inputs', `The input generator ${spec} names no file and function.`, 'Write it as path/to/file.js:function.');
  const fromFile = 'file' in source ? inputsFromFile(root, source.file) : null;
  const reseed = seededRandom();
  reseed(request.seed);
  const pinned = wanted(request.file, request.symbol, 'candidate');
  const project = new Project(root, [pinned, ...(generator === null ? [] : [generator])]);
  stage('load');
  const byCandidate = generator !== null && realpathSync(join(root, generator.file)) === realpathSync(join(root, request.file));
  let inputs: readonly Call[] = fromFile ?? [];
  if (generator !== null) {
    const target = findTarget(await project.first(1, byCandidate ? 'candidate' : 'eval'), generator, false, 'eval');
    inputs = await inputsFromGenerator(target.fn, spec, request.seed);
  }
  if (inputs.length === 0) throw new Failed('eval', 'inputs', 'There are no inputs.', 'Give at least one input.');
  const chosen = request.indices ?? inputs.map((_, i) => i);
  if (chosen.some((i) => inputs[i] === undefined)) throw new Failed('eval', 'inputs', `There are only ${inputs.length} inputs now, fewer than at the start of the run.`, 'Let the generator give the same inputs for the same seed.');
  // The inputs are known before the candidate is: what it does to them afterwards shows.
  const hashes = request.mode === 'results' ? chosen.map((i) => digest(inputs[i] as Call, request)) : [];
  const receivers = inputs.some((c) => c.receiver.length > 0);
  const target = findTarget(await project.first(0, 'candidate'), pinned, receivers, 'candidate');
  stage('call');
  const session = new Session(request, inputs, hashes, target, (i) => { reseed((request.seed * 1_000_003 + i) | 0); });
  const text = await session.work();
  return request.mode === 'results' ? `"generatedByCandidate":${byCandidate},${text}` : text;
}

const { request, stage, answer } = begin(process.argv[2] ?? '');
process.argv.length = 2;
process.once('beforeExit', () => answer(new Failed('candidate', 'call', 'The function waits for something that never comes: its promise does not settle.', 'Let every call of it finish.').text()));
work(request, stage).then(answer, (error: unknown) =>
  answer(error instanceof Failed ? error.text() : new Failed('runner', 'call', describe(error), '', stackTail(error)).text()));
