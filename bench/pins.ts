// Pins: what it costs to scan a 100,000-line file for marks, and to parse one that has some. `node --import tsx bench/pins.ts`
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { listFunctions } from '../src/adapters/syntax/functions.ts';
import { hasMarks } from '../src/core/marks.ts';
import { findPins } from '../src/adapters/syntax/pins.ts';
import { normalForm } from '../src/adapters/syntax/normal-form.ts';

const LINES = 100_000;

/** Ten-line functions with a docstring or comment that uses the common word, so that the scan has something to reject. */
const python = (i: number): string => `def function_${i}(values, limit=${i}):
    """Sums what is below the limit. Meant to improve readability, not speed."""
    total = 0
    for index, value in enumerate(values):
        if value < limit and index % 2 == 0:
            total += value * ${i}  # größe 😀
        else:
            total -= 1
    return total

`;
const typescript = (i: number): string => `/** Sums what is below the limit. Meant to improve readability, not speed. */
export function function${i}(values: readonly number[], limit = ${i}): number {
  let total = 0;
  for (const [index, value] of values.entries()) {
    if (value < limit && index % 2 === 0) total += value * ${i}; // größe 😀
    else total -= 1;
  }
  return total;
}

`;

function median(run: () => unknown, times: number): number {
  const ms: number[] = [];
  for (let i = 0; i < times; i++) {
    const t = performance.now();
    run();
    ms.push(performance.now() - t);
  }
  return ms.sort((a, b) => a - b)[times >> 1] ?? NaN;
}

async function once(run: () => Promise<unknown>): Promise<number> {
  const t = performance.now();
  await run();
  return performance.now() - t;
}

async function main(): Promise<void> {
  console.log(`${cpus()[0]?.model ?? '?'} × ${cpus().length}, Node ${process.versions.node}; ms`);
  console.log('| file | lines | MB | scan, no mark (median of 31) | scan, one mark at the end | findPins, no mark | findPins, one mark | all functions | normal form |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const [file, make, mark] of [
    ['a.py', python, '# sigil: improve spec=x\n'], ['a.ts', typescript, '// sigil: improve spec=x\n'],
  ] as const) {
    const text = Array.from({ length: LINES / 10 }, (_, i) => make(i)).join('');
    const marked = text + mark + make(LINES);
    if (hasMarks(text) || !hasMarks(marked)) throw new Error('the scan is wrong');
    await listFunctions(file === 'a.py' ? 'python' : 'typescript', make(0)); // loads the grammar
    const found = await findPins(file, marked);
    if (found.pins.length !== 1) throw new Error('the mark was not found');
    const cells = [
      text.split('\n').length - 1, (Buffer.byteLength(text) / 1e6).toFixed(1),
      median(() => hasMarks(text), 31).toFixed(1), median(() => hasMarks(marked), 31).toFixed(1),
      (await once(() => findPins(file, text))).toFixed(1), (await once(() => findPins(file, marked))).toFixed(0),
      (await once(() => listFunctions(file === 'a.py' ? 'python' : 'typescript', text))).toFixed(0),
      (await once(() => normalForm(file === 'a.py' ? 'python' : 'typescript', text))).toFixed(0),
    ];
    console.log(`| ${file} | ${cells.join(' | ')} |`);
  }
}

void main();
