// `pins`: what is marked. `mark`: marks a function.

import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { replaceSources } from '../../adapters/files.ts';
import { loadSpecs } from '../../adapters/spec/load.ts';
import { markFunction } from '../../adapters/syntax/mark.ts';
import { findPins } from '../../adapters/syntax/pins.ts';
import type { Globals } from '../main.ts';
import { fromRoot, marksOf, projectRoot, readStdin, specOfPin, specPins, textOf, type FoundPin, type FoundProblem } from '../project.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

export async function pins(globals: Globals, options: { stdin?: boolean; at?: number }, ...files: string[]): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  let found: { pins: readonly FoundPin[]; problems: readonly FoundProblem[] };
  if (options.stdin === true) {
    const [file] = files;
    if (file === undefined || files.length !== 1) throw new UserError('--stdin needs the name of the one file whose text comes on stdin', 'For example: sigil pins --stdin src/a.py < unsaved.py', 2);
    const r = await findPins(file, readStdin());
    const specs = loadSpecs(root);
    found = { pins: r.pins.map((pin) => ({ pin, spec: specOfPin(pin, specs) })), problems: r.problems.map((p) => ({ ...p, file })) };
  } else {
    const chosen = files.length === 0 ? undefined : files.map((f) => fromRoot(root, f));
    const marks = await marksOf(root, chosen);
    const named = await specPins(root, marks.pins, chosen);
    found = { pins: [...marks.pins, ...named.pins], problems: [...marks.problems, ...named.problems] };
  }
  const at = options.at;
  const shown = found.pins.filter(({ pin }) => at === undefined || (pin.range.startLine <= at && at <= pin.range.endLine));
  if (globals.json) {
    const specs = loadSpecs(root);
    out.document({
      pins: shown.map(({ pin, spec }) => ({ id: pin.id, file: pin.file, kind: pin.kind, language: pin.language, symbol: pin.symbol ?? null, signature: pin.signature ?? null, range: pin.range, spec, options: pin.options,
        /** Where it says how to measure; null when nothing does yet, so that it cannot be run. */
        evaluation: specs.has(spec) ? 'sigil.yaml' : pin.options.eval !== undefined ? 'mark' : null })),
      problems: found.problems,
    });
  } else {
    printTable(out, [
      { title: 'PIN', value: (p) => p.pin.id, flexible: true },
      { title: 'LANGUAGE', value: (p) => p.pin.language ?? '–' },
      { title: 'LINES', value: (p) => `${p.pin.range.startLine}–${p.pin.range.endLine}`, right: true },
      { title: 'SPEC', value: (p) => p.spec },
    ], shown);
    for (const p of found.problems) out.line(`${p.file}:${p.line}:${p.column}: ${p.message}\n  → ${p.remedy}`);
    if (shown.length === 0 && found.problems.length === 0) out.line('Nothing is marked. Mark a function with "sigil mark FILE:LINE", or put "sigil: improve" in a comment above it.');
  }
  return found.problems.length > 0 ? 1 : 0;
}

export async function mark(globals: Globals, options: { name?: string; eval?: string; metric?: string; goal?: string }, place?: string): Promise<number> {
  const out = new Output(globals.json);
  const m = /^(.+):(\d+)$/.exec(place ?? '');
  if (!m) throw new UserError(`"${place ?? ''}" is not FILE:LINE`, 'For example: sigil mark src/parse.ts:42', 2);
  if (options.goal !== undefined && options.goal !== 'max' && options.goal !== 'min') throw new UserError(`--goal ${options.goal}: it is max or min`, 'Write --goal max or --goal min.', 2);
  const root = projectRoot(globals.cwd);
  const file = fromRoot(root, m[1] ?? '');
  const text = textOf(root, file);
  const marked = await markFunction(text, file, Number(m[2]), {
    ...(options.name === undefined ? {} : { spec: options.name }), ...(options.eval === undefined ? {} : { eval: options.eval }),
    ...(options.metric === undefined ? {} : { metric: options.metric }), ...(options.goal === undefined ? {} : { goal: options.goal }),
  });
  replaceSources([{ path: join(root, file), text: marked }]);
  const now = await findPins(file, marked);
  const before = new Set((await findPins(file, text)).pins.map((p) => p.id));
  const pin = now.pins.find((p) => !before.has(p.id));
  if (globals.json) out.document({ file, id: pin?.id ?? null, range: pin?.range ?? null });
  else out.line(`Marked ${pin?.id ?? file}. "sigil validate ${pin?.options.spec ?? pin?.symbol ?? 'SPEC'}" checks how it is measured.`);
  return 0;
}
