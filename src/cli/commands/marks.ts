// `pins`: what is marked, in which spec, and whether it is known how to measure it.

import { UserError } from '../../core/errors.ts';
import type { Spec } from '../../core/spec.ts';
import { SPEC_FILE, loadSpecs } from '../../adapters/spec/load.ts';
import { evaluationOf } from '../mark-spec.ts';
import type { Globals } from '../main.ts';
import { fromRoot, marksIn, marksOf, projectRoot, readStdin, specPins, textOf, unsavedFile, type FoundPin, type FoundProblem } from '../project.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

export async function pins(globals: Globals, options: { stdin?: boolean; at?: number }, ...files: string[]): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const { specs, problems } = specsOrProblem(root);
  let found: { pins: readonly FoundPin[]; problems: readonly FoundProblem[] };
  if (options.stdin === true) {
    const [name] = files;
    if (name === undefined || files.length !== 1) throw new UserError('--stdin needs the name of the one file whose text comes on stdin', 'For example: sigil pins --stdin src/a.py < unsaved.py', 2);
    const file = unsavedFile(root, name);
    const text = readStdin();
    const marks = await marksIn(file, text, specs);
    const named = await specPins(specs, marks.pins, () => text, file);
    found = { pins: [...marks.pins, ...named.pins], problems: [...problems, ...marks.problems, ...named.problems] };
  } else {
    const chosen = files.length === 0 ? undefined : files.map((f) => fromRoot(root, f));
    const marks = await marksOf(root, specs, chosen);
    const named = await specPins(specs, marks.pins, (file) => textOf(root, file));
    found = { pins: [...marks.pins, ...named.pins.filter(({ pin }) => chosen?.includes(pin.file) !== false)], problems: [...problems, ...marks.problems, ...named.problems] };
  }
  const at = options.at;
  const shown = found.pins.filter(({ pin }) => at === undefined || (pin.range.startLine <= at && at <= pin.range.endLine));
  if (globals.json) {
    out.document({
      pins: shown.map((one) => ({ pin: one.pin, spec: one.spec, known: evaluationOf(one, specs, found.pins) })).map(({ pin, spec, known }) => ({
        id: pin.id, file: pin.file, kind: pin.kind, language: pin.language, symbol: pin.symbol ?? null, signature: pin.signature ?? null, range: pin.range, spec, options: pin.options,
        ...known, ...modelsOf(specs.get(spec)),
      })),
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

/** The models that a spec names, for who has keys to give. */
function modelsOf(spec: Spec | undefined): { readonly models?: readonly string[] } {
  return spec?.models === undefined ? {} : { models: spec.models.map((m) => m.name) };
}

/** The specs; a sigil.yaml that cannot be read is one problem among those of the marks. */
function specsOrProblem(root: string): { readonly specs: ReadonlyMap<string, Spec>; readonly problems: readonly FoundProblem[] } {
  try {
    return { specs: loadSpecs(root), problems: [] };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    const [, line = '1', column = '1', message = e.message] = /^sigil\.yaml:(\d+):(\d+)[:,] ?([^]*)$/.exec(e.message) ?? [];
    return { specs: new Map(), problems: [{ file: SPEC_FILE, line: Number(line), column: Number(column), message, remedy: e.remedy }] };
  }
}
