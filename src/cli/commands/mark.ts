// `mark`: marks a function, and with --measure says in sigil.yaml how it is measured. Writes files, or answers with their new texts.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Pin } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import { replaceSources } from '../../adapters/files.ts';
import { SPEC_FILE, loadSpecs, parseSpecs } from '../../adapters/spec/load.ts';
import { markFunction } from '../../adapters/syntax/mark.ts';
import { findPins } from '../../adapters/syntax/pins.ts';
import { resolveLine } from '../../adapters/syntax/resolve.ts';
import { closest } from '../../adapters/text.ts';
import type { Globals } from '../main.ts';
import { readFacts, type Facts } from '../marking/facts.ts';
import { addSpec } from '../marking/spec-text.ts';
import { automatic, setupFor, waysFor, type Way } from '../marking/ways.ts';
import { fromRoot, projectRoot, readStdin, specListing, specOfPin, textOf, unsavedFile } from '../project.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

export interface MarkOptions {
  readonly name?: string;
  readonly eval?: string;
  readonly metric?: string;
  readonly goal?: string;
  readonly measure?: string;
  readonly command?: string;
  readonly list?: boolean;
  readonly stdin?: boolean;
}

/** A file as it shall be. */
interface NewText {
  readonly file: string;
  readonly text: string;
  readonly created: boolean;
}

/** What a mark comes to, before anything is written. */
interface Plan {
  readonly pin: Pin;
  readonly spec: string;
  readonly files: readonly NewText[];
  /** The file that measures nothing until somebody fills it in. */
  readonly unfinished: string | null;
}

export async function mark(globals: Globals, options: MarkOptions, place?: string): Promise<number> {
  const out = new Output(globals.json);
  const m = /^(.+):(\d+)$/.exec(place ?? '');
  if (!m) throw new UserError(`"${place ?? ''}" is not FILE:LINE`, 'For example: sigil mark src/parse.ts:42', 2);
  const { goal } = options;
  if (goal !== undefined && goal !== 'max' && goal !== 'min') throw new UserError(`--goal ${goal}: it is max or min`, 'Write --goal max or --goal min.', 2);
  const root = projectRoot(globals.cwd);
  const file = options.stdin === true ? unsavedFile(root, m[1] ?? '') : fromRoot(root, m[1] ?? '');
  const text = options.stdin === true ? readStdin() : textOf(root, file);
  const line = Number(m[2]);

  if (options.list === true) {
    const pin = await resolveLine(file, line, text);
    const facts = readFacts(root, file, pin.language);
    listWays(out, pin, waysFor(pin, text, facts), facts);
    return 0;
  }
  const plan = options.measure === undefined
    ? await planMark(file, line, text, { ...options, goal }, loadSpecs(root))
    : await planMeasure(root, file, line, text, { ...options, goal, measure: options.measure });
  if (options.stdin !== true) write(root, plan.files);
  if (globals.json) out.document({ file, id: plan.pin.id, range: plan.pin.range, spec: plan.spec, files: options.stdin === true ? plan.files : plan.files.map(({ file: f, created }) => ({ file: f, created })), unfinished: plan.unfinished });
  else {
    out.line(`Marked ${plan.pin.id}.`);
    for (const f of plan.files) if (f.file !== file) out.line(`${f.created ? 'Wrote' : 'Changed'} ${f.file}.`);
    out.line(plan.unfinished === null ? `Next: sigil validate ${plan.spec}` : `Next: fill in ${plan.unfinished}, then sigil validate ${plan.spec}`);
  }
  return 0;
}

type Chosen = Omit<MarkOptions, 'goal'> & { readonly goal: 'min' | 'max' | undefined };

/** Only the comment, with what the user says for it. */
async function planMark(file: string, line: number, text: string, options: Chosen, specs: ReadonlyMap<string, Spec>): Promise<Plan> {
  const marked = await markFunction(text, file, line, {
    ...(options.name === undefined ? {} : { spec: options.name }), ...(options.eval === undefined ? {} : { eval: options.eval }),
    ...(options.metric === undefined ? {} : { metric: options.metric }), ...(options.goal === undefined ? {} : { goal: options.goal }),
  });
  const before = new Set((await findPins(file, text)).pins.map((p) => p.id));
  const pin = (await findPins(file, marked)).pins.find((p) => !before.has(p.id));
  if (!pin) throw new Error(`the mark in ${file}:${line} is not found again`);
  return { pin, spec: specOfPin(pin, specs), files: [{ file, text: marked, created: false }], unfinished: null };
}

/** The comment where there is none yet, a spec in sigil.yaml, and the file that the measurement needs. */
async function planMeasure(root: string, file: string, line: number, text: string, options: Chosen & { readonly measure: string }): Promise<Plan> {
  const { pins } = await findPins(file, text);
  const old = await resolveLine(file, line, text);
  const isMarked = pins.some((p) => p.id === old.id);
  const specs = loadSpecs(root);
  const listing = specListing(old, specs);
  if (listing !== null) throw new UserError(`${old.id} belongs to the spec "${listing}" of ${SPEC_FILE} already`, `Edit that, or check it with "sigil validate ${listing}".`, 2);

  const facts = readFacts(root, file, old.language);
  const ways = waysFor(old, text, facts);
  const way = options.measure === 'auto' ? automatic(ways) : ways.find((w) => w.id === options.measure);
  if (!way) {
    if (options.measure === 'auto') throw new UserError(`nothing here measures ${old.id} yet`, 'Name a command: --measure command --command "…" --metric NAME, or --measure timer --command "…".', 2);
    throw new UserError(`there is no way "${options.measure}" to measure ${old.id}`, closest(options.measure, ways.map((w) => w.id), 'way'), 2);
  }
  // Where the user names no metric, the one that the program is seen to print; "" is the clock.
  const metric = options.metric === undefined ? (way.asks.includes('metric') ? (way.metric ?? undefined) : undefined) : options.metric === '' ? undefined : options.metric;
  const setup = setupFor(way, { command: options.command, metric, goal: options.goal }, old, text, facts);
  const spec = options.name ?? free(specOfPin(old, specs), specs);
  const path = join(root, SPEC_FILE);
  const yaml = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const added = addSpec(yaml, spec, setup.entry);
  parseSpecs(added); // what we write is read again before it is written

  const marked = isMarked || old.kind !== 'function' ? text : await markFunction(text, file, line, old.options.spec === undefined ? {} : { spec: old.options.spec });
  const pin = marked === text ? old : ((await findPins(file, marked)).pins.find((p) => p.id === old.id) ?? old);
  const { scaffold } = setup;
  const fresh = scaffold !== null && !existsSync(join(root, scaffold.file));
  return {
    pin, spec, unfinished: fresh && scaffold.unfinished ? scaffold.file : null,
    files: [
      ...(marked === text ? [] : [{ file, text: marked, created: false }]),
      { file: SPEC_FILE, text: added, created: yaml === null },
      ...(fresh ? [{ file: scaffold.file, text: scaffold.text, created: true }] : []),
    ],
  };
}

/** A name that no spec has yet. */
function free(name: string, specs: ReadonlyMap<string, Spec>): string {
  if (!specs.has(name)) return name;
  for (let n = 2; ; n++) if (!specs.has(`${name}-${n}`)) return `${name}-${n}`;
}

function write(root: string, files: readonly NewText[]): void {
  replaceSources(files.filter((f) => !f.created).map((f) => ({ path: join(root, f.file), text: f.text })));
  for (const f of files.filter((n) => n.created)) {
    mkdirSync(dirname(join(root, f.file)), { recursive: true });
    writeFileSync(join(root, f.file), f.text, { flag: 'wx' });
  }
}

function listWays(out: Output, pin: Pin, ways: readonly Way[], facts: Facts): void {
  const automaticId = automatic(ways)?.id ?? null;
  if (out.json) out.document({ id: pin.id, symbol: pin.symbol ?? null, signature: pin.signature ?? null, language: pin.language, ways, automatic: automaticId, gates: facts.tests });
  else {
    printTable(out, [{ title: '--measure', value: (w) => (w.id === automaticId ? `${w.id} (auto)` : w.id) }, { title: 'WHAT', value: (w) => `${w.label}. ${w.detail}`, flexible: true }], ways);
    out.line(facts.tests.length === 0 ? 'No tests were recognised; results are compared only by the call eval.' : `Gates: ${facts.tests.map((t) => t.command).join('; ')}`);
  }
}
