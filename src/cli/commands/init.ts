// `init`: a commented sigil.yaml. `new`: a bundled example as a project of one's own.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { packageRoot } from '../../adapters/assets.ts';
import { ensureSigilDir } from '../../adapters/journal/layout.ts';
import { SPEC_FILE } from '../../adapters/spec/load.ts';
import { closest } from '../../adapters/text.ts';
import type { Globals } from '../main.ts';
import { marksOf, projectRoot } from '../project.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

function starter(pin: string, spec: string): string {
  return `# What may change, how it is judged, with what limits. "sigil validate ${spec}" checks it.
version: 1
specs:
  ${spec}:
    pins:
      - ${pin}
    # gates: commands that must pass before a solution is measured
    gates: []
    # measure: prints "time_ms: 12.3"; see also "call" for calling the function on inputs
    measure: ${/\.py(#|$)/.test(pin) ? 'python bench.py' : 'node bench.js'}
    metrics:
      - name: time_ms
        kind: time
    objective: minimize time_ms
    budget: { evaluations: 60 }
`;
}

export async function init(globals: Globals): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  ensureSigilDir(root);
  const path = join(root, SPEC_FILE);
  const fresh = !existsSync(path);
  if (fresh) {
    const [first] = (await marksOf(root, new Map())).pins;
    writeFileSync(path, starter(first?.pin.id ?? 'src/example.py#slow_function', first?.spec ?? 'example'));
  }
  if (globals.json) out.document({ root, file: SPEC_FILE, created: fresh });
  else out.line(fresh ? `Wrote ${SPEC_FILE}: say there how to measure, then "sigil validate SPEC".` : `${SPEC_FILE} is there already; nothing was changed.`);
  return 0;
}

interface Example {
  readonly name: string;
  readonly summary: string;
}

function examples(): Example[] {
  const dir = join(packageRoot(), 'examples');
  return readdirSync(dir, { withFileTypes: true }).filter((d) => d.isDirectory() && existsSync(join(dir, d.name, SPEC_FILE))).map((d) => {
    const readme = join(dir, d.name, 'README.md');
    const summary = existsSync(readme) ? (readFileSync(readme, 'utf8').split('\n').find((l) => l !== '' && !l.startsWith('#')) ?? '') : '';
    return { name: d.name, summary };
  });
}

export function newProject(globals: Globals, options: { example?: string; list?: boolean }, dir?: string): Promise<number> {
  const out = new Output(globals.json);
  const known = examples();
  if (options.list === true) {
    if (globals.json) out.document({ examples: known });
    else printTable(out, [{ title: 'EXAMPLE', value: (e) => e.name }, { title: 'WHAT', value: (e) => e.summary, flexible: true }], known);
    return Promise.resolve(0);
  }
  if (dir === undefined) throw new UserError('the folder to make is missing', 'For example: sigil new my-try -e ' + (known[0]?.name ?? 'NAME'), 2);
  if (options.example === undefined) throw new UserError('which example? -e is missing', closest('', known.map((e) => e.name), 'example'), 2);
  if (!known.some((e) => e.name === options.example)) throw new UserError(`there is no example "${options.example}"`, closest(options.example, known.map((e) => e.name), 'example'), 2);
  const target = resolve(globals.cwd ?? '.', dir);
  if (existsSync(target) && readdirSync(target).length > 0) throw new UserError(`${dir} is there and not empty`, 'Choose another folder.', 2);
  mkdirSync(target, { recursive: true });
  cpSync(join(packageRoot(), 'examples', options.example), target, { recursive: true, filter: (from) => !/[/\\](\.sigil|node_modules|__pycache__|target|build)$/.test(from) });
  const where = relative(process.cwd(), target) || '.';
  if (globals.json) out.document({ example: options.example, dir: target });
  else out.line(`Made ${where} from "${options.example}". Its README says how to run it.`);
  return Promise.resolve(0);
}
