// How numbers are written, tables that fit, and what a person sees of a run.
import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import { chainGain, effectText, estimateText, gainText, noiseText, plain, rank, ratio, secondsText, worth } from '../../../src/core/format.ts';
import { cut, wrap } from '../../../src/cli/view/format.ts';
import { ProgressView } from '../../../src/cli/view/progress.ts';
import { printTable, type Column } from '../../../src/cli/view/table.ts';
import { Output } from '../../../src/cli/view/terminal.ts';
import { parseObjective, printObjective } from '../../../src/core/objective.ts';
import type { Gain } from '../../../src/core/solution.ts';
import { COUNT, EXACT, World, normal, play, specOf, type Done } from '../engine/world.ts';

const gain = (g: number, low: number, high: number, scale: 'ratio' | 'difference' = 'ratio'): Gain => ({ scale, gain: g, low, high, error: 0.01, pairs: 30, processes: 60 });

/** An output that keeps what is written. */
function paper(width: number, live = false): Output & { readonly text: () => string } {
  let text = '';
  const stream = { write: (s: string) => void (text += s) } as unknown as NodeJS.WriteStream;
  return Object.assign(new Output(false), { stream, paint: (s: string) => s, width, live, line: (s = '') => void (text += `${s}\n`), text: () => text });
}

describe('numbers as they are shown', () => {
  const table = <T>(name: string, show: (x: T) => string, cases: readonly (readonly [T, string])[]): void => {
    it(name, () => {
      for (const [x, text] of cases) assert.equal(show(x), text);
    });
  };
  table('ratios', ratio, [[1.4249, '1.42×'], [0.5, '0.50×'], [9.994, '9.99×'], [9.996, '10.0×'], [12.34, '12.3×'], [99.94, '99.9×'], [99.96, '100×'], [1234.5, '1235×'], [NaN, '–'], [Infinity, '–']]);
  table('plain numbers', plain, [[0, '0'], [-0, '0'], [12, '12'], [1234567, '1234567'], [12345.678, '12346'], [0.000123456, '0.00012346'], [0.00001, '1.00e-5'], [12345678.9, '1.23e+7'], [-3.14159265, '-3.1416'], [NaN, '–']]);
  table('durations', secondsText, [[0, '0 ms'], [0.0123, '12 ms'], [0.9994, '999 ms'], [0.9996, '1.0 s'], [9.94, '9.9 s'], [9.96, '10 s'], [89.4, '89 s'], [89.6, '1 min 30 s'], [119.6, '2 min 0 s'], [3599.7, '60 min 0 s'], [5399.7, '1 h 30 min'], [7199, '2 h 0 min'], [Infinity, '–']]);
  table('verified gains', (g: Gain) => gainText(g), [
    [gain(1.42, 1.36, 1.49), '1.42× [1.36–1.49]'], [gain(2, 2, 2), '2.00×'], [gain(12.3, 9.9, 14), '12.3× [9.90–14.0]'], [gain(3.25, 2.9, 3.5, 'difference'), '3.25 better [2.9–3.5]'], [gain(-1, -2, 0.5, 'difference'), '1 worse [−0.5 to 2]'], [gain(-3, -4, -2, 'difference'), '3 worse [2–4]'], [gain(10, 10, 10, 'difference'), '10 better'], [gain(0, -1, 1, 'difference'), '0 [−1 to 1]'],
  ]);
  table('estimates: always ≈, never an interval, no huge ones', (g: Gain) => estimateText(g), [
    [gain(1.42, 1, 2), '≈ 1.42×'], [gain(37, 1, 2), '≈ >10×'], [gain(-0.5, 0, 0, 'difference'), '≈ 0.5 worse'], [gain(3, 0, 0, 'difference'), '≈ 3 better'], [gain(0, 0, 0, 'difference'), '≈ 0'],
  ]);
  it('differences have their unit', () => {
    assert.equal(gainText(gain(3, 2, 4, 'difference'), 'MB'), '3 MB better [2–4]');
    assert.equal(estimateText(gain(-3, 2, 4, 'difference'), 'MB'), '≈ 3 MB worse');
    assert.equal(gainText(gain(1.5, 1.4, 1.6), 'ms'), '1.50× [1.40–1.60]', 'ratios have none');
  });
  it('effects', () => {
    assert.deepEqual([effectText(0.0208, 'ratio'), effectText(-0.0208, 'ratio'), effectText(0.5, 'ratio'), effectText(0.25, 'difference', 'kB'), effectText(0.25, 'difference')], ['2.1 %', '2.1 %', '65 %', '0.25 kB', '0.25']);
  });
  it('objectives keep the brackets that they need', () => {
    for (const text of ['minimize a', 'minimize a + b * c', 'maximize (a + b) * c', 'minimize a - (b - c)', 'minimize a / (b * c)', 'minimize a - b - c subject to d >= -1 and e < 2']) assert.equal(printObjective(parseObjective(text)), text);
  });
});

describe('texts that fit', () => {
  it('are cut by columns, not by letters, on one line', () => {
    for (const text of ['plain text that is long', 'grün und süß und länger', '漢字漢字漢字漢字漢字', '😀😀😀😀😀😀😀', 'a\tb\nc  d e f g h i j', 'abc']) {
      for (let width = 0; width <= 24; width++) {
        const out = cut(text, width);
        assert.ok(stringWidth(out) <= width, `${JSON.stringify(out)} in ${width}`);
        assert.ok(!out.includes('\n') && !out.includes('\t'));
        assert.ok(!out.includes('\ufffd') && !/\p{Cs}/u.test(out), 'no half letters');
        if (stringWidth(text.replace(/\s+/g, ' ')) <= width) assert.equal(out, text.replace(/\s+/g, ' '));
        else if (width > 0) assert.ok(out.endsWith('…'));
      }
    }
  });

  it('are wrapped between words, every line within the width and nothing lost', () => {
    for (const text of ['a reason that says what is wrong, at length, and then some more', 'oneverylongwordwithoutanyspaceinit and more', '漢字漢字漢字漢字 漢字漢字漢字漢字漢字', 'short']) {
      for (let width = 4; width <= 40; width++) {
        const lines = wrap(text, width, 99);
        for (const l of lines) assert.ok(stringWidth(l) <= width && l !== '', `${l} in ${width}`);
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
        const two = wrap(text, width, 2);
        assert.ok(two.length <= 2 && (lines.length <= 2 || two[1]?.endsWith('…')));
      }
    }
  });

  const columns: Column<readonly [string, string, string]>[] = [{ title: 'ID', value: (r) => r[0] }, { title: 'N', value: (r) => r[1], right: true }, { title: 'WHAT', value: (r) => r[2], flexible: true }, { title: 'LAST', value: () => 'x' }];
  const rows = [['a1', '7', 'short'], ['b2', '1234', '漢字 and a text that goes on and on and on\nin two lines']] as const;

  it('make a table of the width of the terminal, in columns that stand one under another', () => {
    for (const width of [30, 40, 80]) {
      const out = paper(width);
      printTable(out, columns, rows);
      const lines = out.text().split('\n').slice(0, -1);
      assert.equal(lines.length, 3);
      for (const l of lines) assert.ok(stringWidth(l) <= width, `${l} in ${width}`);
      const at = lines.map((l) => stringWidth(l.slice(0, l.search(/\s(LAST|x)$/))));
      assert.equal(new Set(at).size, 1, lines.join('\n'));
      assert.match(lines[1] ?? '', /^a1 {5}7 {2}short/);
    }
    const wide = paper(200);
    printTable(wide, columns, rows);
    assert.match(wide.text(), /漢字 and a text that goes on and on and on in two lines {2}x\n$/);
    const spare = columns.map((c) => (c.title === 'N' || c.title === 'LAST' ? { ...c, optional: true } : c));
    const head = (width: number): string => {
      const out = paper(width);
      printTable(out, spare, rows);
      return out.text().split('\n')[0]?.replace(/ +/g, ' ') ?? '';
    };
    assert.deepEqual([head(60), head(43), head(38)], ['ID N WHAT LAST', 'ID N WHAT', 'ID WHAT'], 'what can be spared goes, the last first');
    const none = paper(80);
    printTable(none, columns, []);
    assert.equal(none.text(), '');
  });
});

describe('what is seen of a run', () => {
  const whole = async (): Promise<Done> => play({
    spec: specOf({ evaluations: 6 }), world: new World({ noise: normal(0.005) }), noise: {},
    propose: (p, n) => (n === 2 ? { ...p, fail: 'gate' } : n === 3 ? 'none' : { ...p, cost: [70, 140, 0, 0, 40, 40, 40][n] ?? 40, tag: n }),
  });

  it('is one line a verdict, with the verified gain of a kept one and the reason of a failed one', async () => {
    const done = await whole();
    const out = paper(110);
    const view = new ProgressView(out);
    for (const e of done.events) view.on(e);
    view.end();
    const lines = out.text().split('\n');
    assert.match(lines[0] ?? '', /^spec {2}minimize time_ms$/);
    assert.ok(lines.some((l) => /baseline {2}time_ms 100 ms; noise ±3\.0 % a pair/.test(l)));
    const verdicts = lines.filter((l) => /^\s+\d+\/6 /.test(l));
    assert.deepEqual(verdicts.map((l) => l.trim().split(/\s+/)[2]), ['kept', 'discarded', 'blocked', 'invalid', 'kept', ...verdicts.slice(5).map((l) => l.trim().split(/\s+/)[2])]);
    assert.match(verdicts[0] ?? '', /✔ kept .*1\.4\d× \[1\.4\d–1\.4\d\] /);
    assert.match(verdicts[1] ?? '', /· discarded .*≈ 0\.7\d×/);
    assert.match(verdicts[2] ?? '', /✗ blocked .*test failed/);
    assert.match(verdicts[4] ?? '', /✔ kept .*2\.\d\d× \[2\.\d\d–2\.\d\d\] /, 'two verified steps, multiplied');
    assert.ok(!out.text().includes('\u001b'), 'plain when it is no terminal');
    const { solutions } = done.state;
    const kept = [...solutions.values()].filter((s) => s.outcome === 'kept');
    assert.match(worth(kept[1]!), /^2\.5\d× \[/);
    assert.ok(rank(kept[1]!) > rank(kept[0]!) && rank(kept[0]!) > rank([...solutions.values()].find((s) => s.outcome === 'invalid')!));
  });

  it('on a narrow terminal tells the whole reason of a failure, in lines that fit', async () => {
    const reason = 'results: input 3: expected {"total": 12, "currency": "EUR"} and got {"total": 13, "currency": "EUR"} where nothing may differ';
    const done = await whole();
    for (const width of [60, 80, 140]) {
      const out = paper(width, true);
      const view = new ProgressView(out);
      for (const e of done.events) view.on(e.type === 'verdict' && e.outcome === 'blocked' ? { ...e, reason } : e);
      view.end();
      const lines = out.text().replaceAll('\u001b[2K', '').split(/[\r\n]/).filter((l) => !/[█░]/.test(l));
      const at = lines.findIndex((l) => l.includes('✗ blocked'));
      const told = lines.slice(at, at + 5).join(' ').replace(/\s+/g, ' ');
      assert.ok(told.includes(reason), `${width}: ${told}`);
      for (const l of lines.slice(at, at + 5)) assert.ok(stringWidth(l) <= width, `${l} in ${width}`);
    }
    const piped = paper(80);
    const view = new ProgressView(piped);
    for (const e of done.events) view.on(e.type === 'verdict' && e.outcome === 'blocked' ? { ...e, reason } : e);
    assert.ok(piped.text().split('\n').some((l) => l.includes('✗ blocked') && l.includes(reason)), 'one whole line where it is piped');
  });

  it('on a terminal has a bar that ends before other text', async () => {
    const done = await whole();
    const out = paper(80, true);
    const view = new ProgressView(out);
    for (const e of done.events) view.on(e);
    view.end();
    const drawn = out.text().split('\r').filter((l) => l.startsWith('\u001b[2K') && l.length > 4);
    assert.ok(drawn.some((l) => l.includes('░') && l.includes('best so far: the baseline')));
    assert.ok(drawn.some((l) => /█+░*/.test(l) && /best 2\.\d\d× \[/.test(l)));
    for (const l of out.text().replaceAll('\u001b[2K', '').split(/[\r\n]/).filter((x) => x.includes('░') || x.includes('█'))) assert.ok(stringWidth(l) < 80, l);
    assert.ok(out.text().trimEnd().endsWith('\r\u001b[2K') || !/[█░][^\r\n]*$/.test(out.text()), 'no bar is left');
  });

  it('the chain of promotions follows who was promoted over whom, and the final number replaces it', async () => {
    const done = await play({ spec: specOf({ metrics: [COUNT], evaluations: 3 }), world: new World({ metrics: ['count'], ticks: () => 1 }), noise: EXACT, lanes: 2, optimizer: 'best-of-n', propose: (p, n) => ({ ...p, cost: [90, 80, 70][n]!, tag: n }) });
    const before = { ...done.state, solutions: new Map([...done.state.solutions].map(([id, s]) => [id, { ...s, gain: null }])) };
    assert.equal(chainGain(before, done.summary.best)?.gain, 30);
    assert.equal(chainGain(done.state, done.summary.best)?.gain, 30);
    assert.equal(chainGain(before, 'baseline'), null);
  });

  it('noise is said in words for each kind of evaluation', () => {
    const noise = { values: {}, sd: 0.021, offset: 0, resolvable: 0.05, resolveSeconds: 8, pairs: 10, seconds: 90, deterministic: false, slow: false, scale: 'ratio' as const };
    assert.equal(noiseText(noise), 'noise ±2.1 % a pair over 10 pairs; an effect of 5.1 % can be resolved in 8.0 s');
    assert.match(noiseText({ ...noise, resolvable: null }), /no effect can be resolved/);
    assert.match(noiseText({ ...noise, deterministic: true }), /no noise/);
    assert.match(noiseText({ ...noise, slow: true }), /takes 1 min 30 s: .*measured once/);
  });
});
