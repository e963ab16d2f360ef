// Guesses of arguments from a parameter's type and name: code that makes a value, in Python or JavaScript. Null: cannot be guessed.

import { topLevel, type Parameter } from './signature.ts';

/** The kinds of values that names suggest, where no type is written. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^(?:is|has|with|no)_?[A-Z_]|^(?:flag|verbose|strict|reverse|enabled)$/, 'bool'],
  [/^(?:lines|words|names|keys|texts|strings|tokens|paths|emails|urls|labels|queries)$/i, 'list of str'],
  [/^(?:text|s|str|string|line|word|name|key|prefix|suffix|pattern|source|query|path|title|label|message|needle|haystack|content|html)$/i, 'str'],
  [/^(?:a|b|i|j|k|m|n|x|y|count|size|limit|width|height|depth|length|total|index|start|end|seed|steps|iterations|max\w*|min\w*|num\w*|top)$/i, 'int'],
  [/^(?:rate|ratio|factor|alpha|beta|epsilon|eps|tolerance|threshold|weight|temperature|scale|window)$/i, 'float'],
  [/^(?:items|values|xs|ys|numbers|nums|data|array|arr|list|lst|elements|samples|scores|weights|prices|series|points|ids|wanted)$/i, 'list of int'],
  [/^(?:matrix|grid|board|table|image|rows)$/i, 'list of list of int'],
];

const byName = (name: string): string | null => BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null;

/** Canonical words for a written type: `list of X`, `dict of str to X`, `set of X`, `int`, `float`, `str`, `bool`. */
export function kindOfType(written: string, language: 'python' | 'javascript'): string | null {
  const type = written.trim();
  if (language === 'python') {
    const bare = type.replace(/^(['"])(.*)\1$/, '$2').trim().replace(/^(?:typing|collections\.abc|t)\./, '');
    const union = topLevel(bare, '|').filter((t) => t !== 'None');
    if (union.length > 0 && (union.length > 1 || union[0] !== bare)) return kindOfType(union[0] ?? '', language);
    const [, outer = bare, inner = ''] = /^([\w.]+)\[(.*)\]$/.exec(bare) ?? [];
    const args = topLevel(inner);
    if (/^(?:Optional|Union|Final|Annotated)$/.test(outer)) return kindOfType(args.find((a) => a !== 'None') ?? '', language);
    if (/^(?:[lL]ist|Sequence|Iterable|Collection|MutableSequence|Iterator|deque|[tT]uple)$/.test(outer)) {
      if (/^[tT]uple$/.test(outer) && args[1] !== '...') return null;
      return args[0] === undefined ? 'list of int' : nested('list of', kindOfType(args[0], language));
    }
    if (/^(?:[sS]et|[fF]rozenset|AbstractSet|FrozenSet)$/.test(outer)) return args[0] === undefined ? 'set of int' : nested('set of', kindOfType(args[0], language));
    if (/^(?:[dD]ict|Mapping|MutableMapping|defaultdict)$/.test(outer)) return args[1] === undefined ? 'dict of str to int' : args[0] === 'str' ? nested('dict of str to', kindOfType(args[1], language)) : null;
    return ['int', 'float', 'str', 'bool'].includes(bare) ? bare : bare === 'bytes' ? 'bytes' : null;
  }
  const bare = type.replace(/^readonly\s+/, '');
  const union = topLevel(bare, '|').filter((t) => t !== 'null' && t !== 'undefined');
  if (union.length > 1) return union.every((t) => /^['"]/.test(t)) ? `literal ${union[0] ?? ''}` : kindOfType(union[0] ?? '', language);
  const one = union[0] ?? bare;
  if (one.endsWith('[]')) return nested('list of', kindOfType(one.slice(0, -2).replace(/^\((.*)\)$/, '$1'), language));
  const [, outer = '', inner = ''] = /^([\w.]+)<(.*)>$/.exec(one) ?? [];
  const args = topLevel(inner);
  if (/^(?:Array|ReadonlyArray|Iterable)$/.test(outer)) return nested('list of', kindOfType(args[0] ?? '', language));
  if (/^(?:Readonly)?Set$/.test(outer)) return nested('set of', kindOfType(args[0] ?? '', language));
  if (outer === 'Readonly') return kindOfType(args[0] ?? '', language);
  if (/^(?:Readonly)?Map$|^Record$/.test(outer) && args[0] === 'string') return nested(outer === 'Record' ? 'dict of str to' : 'map of str to', kindOfType(args[1] ?? '', language));
  return ({ number: 'int', string: 'str', boolean: 'bool' } as Readonly<Record<string, string>>)[one] ?? null;
}

const nested = (outer: string, inner: string | null): string | null => (inner === null ? null : `${outer} ${inner}`);

const NESTED_SIZE = '20';

function pythonCode(kind: string, size = 'size'): string {
  const [, outer, inner = ''] = /^(list of|set of|dict of str to) (.*)$/.exec(kind) ?? [];
  const element = inner === '' ? '' : inner === 'str' ? 'word(rng)' : pythonCode(inner, NESTED_SIZE);
  if (outer === 'list of') return `[${element} for _ in range(${size})]`;
  if (outer === 'set of') return `{${element} for _ in range(${size})}`;
  if (outer === 'dict of str to') return `{word(rng): ${element} for _ in range(${size})}`;
  switch (kind) {
    case 'int': return 'rng.randint(1, size)';
    case 'float': return 'rng.random() * 100';
    case 'bool': return 'rng.random() < 0.5';
    case 'bytes': return `bytes(rng.randrange(256) for _ in range(${size}))`;
    default: return `text(rng, ${size})`;
  }
}

function scriptCode(kind: string, size = 'size'): string {
  const [, outer, inner = ''] = /^(list of|set of|dict of str to|map of str to) (.*)$/.exec(kind) ?? [];
  const element = inner === '' ? '' : inner === 'str' ? 'word(roll)' : scriptCode(inner, NESTED_SIZE);
  const list = (code: string): string => `Array.from({ length: ${size} }, () => ${code})`;
  if (outer === 'list of') return list(element);
  if (outer === 'set of') return `new Set(${list(element)})`;
  if (outer === 'dict of str to') return `Object.fromEntries(${list(`[word(roll), ${element}]`)})`;
  if (outer === 'map of str to') return `new Map(Object.entries(Object.fromEntries(${list(`[word(roll), ${element}]`)})))`;
  if (kind.startsWith('literal ')) return kind.slice(8);
  switch (kind) {
    case 'int': return '1 + roll(size)';
    case 'float': return 'roll(10000) / 100';
    case 'bool': return 'roll(2) === 0';
    default: return `text(roll, ${size})`;
  }
}

/** Code that makes a value for a parameter. Null: only the user knows. */
export function guessArgument(p: Parameter, language: 'python' | 'javascript'): string | null {
  const kind = p.type === '' ? byName(p.name) : kindOfType(p.type, language);
  if (kind === null) return null;
  return language === 'python' ? pythonCode(kind) : scriptCode(kind);
}
