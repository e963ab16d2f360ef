// Random parents with a known edit, and that edit written in each form with random harmless malformation.
import fc from 'fast-check';
import { baseGenome, type BaseFile, type Genome, type Pin } from '../../../src/core/pin.ts';

export interface Known {
  readonly base: readonly BaseFile[];
  readonly file: BaseFile;
  readonly pin: Pin;
  /** The pinned function's lines before and after, and which of the former the edit replaces. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly put: readonly string[];
  readonly eol: string;
  readonly genome: Genome;
}

const python = { file: 'src/work.py', comment: '#', mark: '# sigil: improve', language: 'python' as const };
const script = { file: 'src/work.js', comment: '//', mark: '// sigil: improve', language: 'javascript' as const };

/** Statements are numbered, so that every line of a parent is another one. Depths are relative to the body. */
const body = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('set', 'call', 'less', 'blank')), { minLength: 2, maxLength: 9 });

function statements(shape: readonly (readonly [number, string])[], language: 'python' | 'javascript', tag: string): string[] {
  const end = language === 'python' ? '' : ';';
  const out: string[] = [];
  let depth = 1;
  shape.forEach(([wanted, kind], i) => {
    const name = `${tag}${i}`;
    if (kind === 'blank' && i > 0 && i < shape.length - 1 && out.at(-1) !== '') {
      out.push('');
      return;
    }
    depth = i === 0 ? 1 : Math.min(depth + 1, 1 + wanted, 3);
    out.push(`${'    '.repeat(depth)}${kind === 'call' ? `work(${name}, "it's", [${i}])` : kind === 'less' ? `${name} = ${name} < ${i} && x > 1 ? 1 : 0` : `${name} = x + ${i}`}${end}`);
  });
  if (out[0] !== undefined) out[0] = `    ${out[0].trim()}`;
  return out;
}

export const known: fc.Arbitrary<Known> = fc.record({
  kind: fc.constantFrom(python, script), crlf: fc.boolean(), others: fc.array(body, { minLength: 1, maxLength: 3 }), own: body, at: fc.nat(), fresh: fc.array(fc.tuple(fc.nat(1), fc.constantFrom('set', 'call')), { maxLength: 3 }), span: fc.tuple(fc.nat(), fc.nat()), where: fc.nat(),
}).map(({ kind, crlf, others, own, at, fresh, span, where }): Known => {
  const isPython = kind.language === 'python';
  const fn = (name: string, lines: readonly string[]): string[] => (isPython ? [`def ${name}(x):`, ...lines] : [`function ${name}(x) {`, ...lines, '}']);
  const before = fn('pinned', statements(own, kind.language, 'own'));
  const bodyEnd = isPython ? before.length : before.length - 1;
  const blank = (row: number): boolean => (before[row] ?? '').trim() === '';
  let from = 1 + (span[0] % (bodyEnd - 1));
  while (blank(from)) from--;
  let to = Math.min(bodyEnd, from + 1 + (span[1] % 3));
  while (blank(to - 1)) to--;
  const depth = (/^ */.exec(before[from] ?? '')?.[0].length ?? 4) / 4;
  let put = statements(fresh, kind.language, `new${at % 1000}_`).map((line) => '    '.repeat(depth - 1) + line);
  if (put.length === 0 && from === 1 && to === bodyEnd) put = ['    pass'];
  const after = [...before.slice(0, from), ...put, ...before.slice(to)];
  const rest = others.map((shape, i) => fn(`other${i}`, statements(shape, kind.language, `o${i}_`)));
  const place = where % (rest.length + 1);
  const lines = [`${kind.comment} A file.`, ''];
  let first = 0;
  [...rest.slice(0, place), null, ...rest.slice(place)].forEach((part) => {
    if (part === null) {
      lines.push(kind.mark);
      first = lines.length;
      lines.push(...before, '', '');
    } else lines.push(...part, '', '');
  });
  const eol = crlf ? '\r\n' : '\n';
  const text = lines.slice(0, -2).join(eol) + eol;
  const start = lines.slice(0, first).join(eol).length + eol.length;
  const pin: Pin = {
    id: `${kind.file}#pinned`, file: kind.file, kind: 'function', language: kind.language, symbol: 'pinned', options: {},
    range: { start, end: start + before.join(eol).length, startLine: first + 1, endLine: first + before.length },
  };
  const file: BaseFile = { file: kind.file, text, pins: [pin] };
  const base = [file];
  return { base, file, pin, before, after, from, to, put, eol, genome: { ...baseGenome(base), [pin.id]: after.join(eol) } };
}).filter((k) => k.before.join('\n') !== k.after.join('\n') && k.after.at(k.pin.language === 'python' ? -1 : -2) !== '');

/** Choices that a malformation makes, by name. */
export type Draw = <T>(...options: readonly T[]) => T;

export const draws: fc.Arbitrary<Draw> = fc.infiniteStream(fc.nat()).map((stream): Draw => {
  return (...options) => options[(stream.next().value as number) % options.length] as never;
});

/** Another kind of indentation for all lines alike. */
function drifted(draw: Draw, lines: readonly string[], floor: number, ...more: string[]): string[] {
  const how = draw('as it is', 'as it is', 'margin', 'tabs', 'deeper', ...more);
  const of = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
  const least = Math.min(...lines.filter((l) => l.trim() !== '').map(of), 1000);
  return lines.map((line) => {
    if (line.trim() === '') return line;
    const [n, text] = [of(line), line.trim()];
    switch (how) {
      case 'margin': return ' '.repeat(Math.max(0, n - Math.min(least, floor))) + text;
      case 'two': return ' '.repeat(n / 2) + text;
      case 'tabs': return '\t'.repeat(n / 4) + text;
      case 'deeper': return `   ${line}`;
      default: return line;
    }
  });
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function around(draw: Draw, text: string, mayEscape = true): string {
  let out = text;
  if (mayEscape && draw(false, false, false, true)) out = escaped(out);
  out = draw('', 'I make it faster.\n\n', '<think>\nperhaps ```x```\n</think>\n', 'Here is the change:\n') + out + draw('', '\n\nThis doesn\u2019t change the result.\n', '\n');
  if (draw(false, true)) out = out.replaceAll('\n', '\r\n');
  return draw('', '', '\ufeff') + out;
}

function fence(draw: Draw, text: string, info: string, must = false): string {
  const mark = draw('```', '````', '~~~');
  return !must && draw(false, true) ? text : `${mark}${draw(info, '')}\n${text}\n${mark}`;
}

/** As SEARCH/REPLACE blocks. */
export function asBlock(k: Known, draw: Draw): string {
  const [head, tail] = [draw(0, 1, 2), draw(0, 1, 2)];
  const above = k.before.slice(Math.max(0, k.from - head), k.from);
  const below = k.before.slice(k.to, k.to + tail);
  const lines = [...above, ...k.before.slice(k.from, k.to), '\0', ...k.put, '\0', ...below];
  const all = drifted(draw, lines.map((l) => (l === '\0' ? '' : l)), 100, 'two');
  const [cut, last] = [lines.indexOf('\0'), lines.lastIndexOf('\0')];
  const spaced = (part: string[]): string[] => (draw(false, false, true) ? part.map((l) => `${l}  `) : part);
  const old = [...all.slice(0, cut), ...all.slice(last + 1)];
  const lean = draw(false, false, true);
  const quoted = lean ? old.filter((l) => l.trim() !== '') : spaced(old);
  const whole = [...all.slice(0, above.length), ...all.slice(cut + 1, last), ...all.slice(last + 1)];
  // Where blank lines are left out, they are in both parts: that they are to go is not said.
  const next = lean ? whole.filter((l) => l.trim() !== '') : whole;
  const signs = draw(5, 7, 7, 9);
  const [a, b, c] = draw(['<', '>', 'SEARCH'], ['<', '>', 'ORIGINAL'], ['-', '+', 'SEARCH']);
  const words = c === 'ORIGINAL' ? 'UPDATED' : 'REPLACE';
  const path = draw('', '', `${k.file.file}\n`, `**${k.file.file}**\n`, 'work.py\n'.replace('work.py', k.file.file.replace('src/', '')));
  const block = `${a.repeat(signs)}${draw(' ', '')}${c}\n${quoted.join('\n')}\n${'='.repeat(signs)}\n${next.length === 0 ? '' : `${next.join('\n')}\n`}${b.repeat(signs)} ${words}`;
  return around(draw, path + fence(draw, block, 'python'));
}

/** As a unified diff, or a patch of apply_patch. */
export function asDiff(k: Known, draw: Draw): string {
  const [head, tail] = [draw(1, 2, 3), draw(0, 1, 3)];
  const drift = draw(false, false, true) ? (ls: readonly string[]): string[] => ls.map((l) => l.replace(/^(?: {4})+/, (m) => '\t'.repeat(m.length / 4))) : (ls: readonly string[]): string[] => [...ls];
  const above = drift(k.before.slice(Math.max(0, k.from - head), k.from));
  const below = drift(k.before.slice(k.to, k.to + tail));
  const [old, put] = [drift(k.before.slice(k.from, k.to)), drift(k.put)];
  const lost = draw(false, false, true);
  const context = (l: string): string => (l === '' ? draw('', ' ') : lost && !/^[-+]/.test(l) ? l : ` ${l}`);
  if (draw(false, false, true) && above.length > 1) above[0] = `${above[0] ?? ''}  # another line`;
  const hunk = [...above.map(context), ...old.map((l) => `-${l}`), ...put.map((l) => `+${l}`), ...below.map(context)].join('\n');
  const at = draw(k.pin.range.startLine + k.from - above.length, 1, 999);
  const place = draw(`@@ -${at},${draw(3, 9)} +${at},${draw(3, 9)} @@`, '@@ ... @@', '@@', `@@ -${at} +${at} @@ def other0(x):`);
  const { file } = k.file;
  switch (draw('git', 'plain', 'patch', 'bare')) {
    case 'git': return around(draw, fence(draw, `diff --git a/${file} b/${file}\nindex 123..456 100644\n--- a/${file}\n+++ b/${file}\n${place}\n${hunk}`, 'diff', true));
    case 'plain': return around(draw, fence(draw, `--- ${file}\n+++ ${file}\n${place}\n${hunk}`, draw('diff', 'patch'), true));
    case 'patch': return around(draw, fence(draw, `*** Begin Patch\n*** Update File: ${file}\n${draw('@@', '@@ def pinned(x):'.replace('def', k.pin.language === 'python' ? 'def' : 'function'))}\n${hunk}\n*** End Patch`, 'text'), false);
    default: return around(draw, `\`\`\`diff\n${hunk}\n\`\`\``);
  }
}

/** As the whole function, or the whole file. */
export function asWhole(k: Known, draw: Draw): string {
  const { file } = k.file;
  const isPython = k.pin.language === 'python';
  const path = draw('', '', `${file}\n`, `### \`${file}\`\n`);
  if (draw(false, false, true)) {
    const text = (k.file.text.slice(0, k.pin.range.start) + k.after.join(k.eol) + k.file.text.slice(k.pin.range.end)).replaceAll('\r\n', '\n').replace(/\n$/, '');
    return around(draw, path + fence(draw, draw(text, text.split('\n').map((l) => (l === '' ? l : `${l} `)).join('\n')), draw('python', 'js'), true));
  }
  const lines = drifted(draw, k.after, 0);
  const code = [...(draw(false, true) ? [isPython ? '# sigil: improve' : '// sigil: improve'] : []), ...lines, ...(isPython && draw(false, true) ? ['', '', 'print(pinned(3))'] : [])].join('\n');
  return around(draw, path + fence(draw, draw('', `${isPython ? '#' : '//'} ${file}\n`) + code, isPython ? draw('python', 'py') : draw('js', 'javascript'), true));
}

/** As data or tags. */
export function asData(k: Known, draw: Draw): string {
  const old = k.before.slice(k.from, k.to).join('\n');
  const put = k.put.join('\n');
  const name = draw({ path: 'src/work.py' }, { file_path: '/repo/src/work.py' }, {});
  const file = Object.fromEntries(Object.entries(name).map(([key, v]) => [key, v.replace('src/work.py', k.file.file)]));
  const edit = draw({ old_string: old, new_string: put }, { search: old, replace: put }, { old_str: old, new_str: put });
  switch (draw('json', 'list', 'tool', 'tags', 'code')) {
    case 'json': return fence(draw, JSON.stringify({ ...file, ...edit }, null, draw(0, 2)), 'json');
    case 'list': return fence(draw, JSON.stringify({ explanation: 'faster', edits: [{ ...file, ...edit }] }), 'json');
    case 'tool': return JSON.stringify({ name: 'Edit', input: { ...file, ...edit } });
    case 'code': return fence(draw, JSON.stringify({ thoughts: 'a loop', [draw('code', 'improved_code', 'content')]: k.after.join(draw('\n', '\r\n')) }), 'json');
    default: return around(draw, `<edit>\n<search>\n${old}\n</search>\n<replace>\n${put}\n</replace>\n</edit>`, false);
  }
}
