// Formatting with locales in a loop (`toLocaleString`, `localeCompare` with options) → one Intl formatter before it.

import type { Context, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isInvariant } from './model.ts';
import type { Model } from './model.ts';
import { outermostWhere } from './outer.ts';
import { atLine, freshName, insertBefore, nodesInPins, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { bare, field, methodCall, parts, textOf } from './syn.ts';

const dateFields = new Set(['weekday', 'era', 'year', 'month', 'day', 'dateStyle']);
const timeFields = new Set(['hour', 'minute', 'second', 'timeStyle', 'fractionalSecondDigits', 'dayPeriod']);
const numberFields = new Set(['style', 'currency', 'currencyDisplay', 'minimumFractionDigits', 'maximumFractionDigits', 'minimumIntegerDigits', 'minimumSignificantDigits', 'maximumSignificantDigits', 'useGrouping', 'notation', 'unit', 'compactDisplay', 'signDisplay']);

/** The constructor and method that do the same for these options; null where the options don't show it. */
function formatter(name: string, options: Syn | undefined): { readonly type: string; readonly method: string } | null {
  if (name === 'localeCompare') return { type: 'Intl.Collator', method: 'compare' };
  if (options?.type !== 'object') return null;
  const keys = parts(options).map((p) => (p.type === 'pair' ? textOf(field(p, 'key') ?? p) : '…'));
  if (keys.includes('…')) return null;
  const has = (set: ReadonlySet<string>): boolean => keys.some((k) => set.has(k));
  if (name === 'toLocaleDateString' && has(dateFields) && !keys.includes('timeStyle')) return { type: 'Intl.DateTimeFormat', method: 'format' };
  if (name === 'toLocaleTimeString' && has(timeFields) && !keys.includes('dateStyle')) return { type: 'Intl.DateTimeFormat', method: 'format' };
  if (name !== 'toLocaleString') return null;
  const date = has(dateFields) || has(timeFields);
  if (date === has(numberFields)) return null;
  return { type: date ? 'Intl.DateTimeFormat' : 'Intl.NumberFormat', method: 'format' };
}

function site(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  if (!m || !['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'localeCompare'].includes(m.name)) return null;
  const compare = m.name === 'localeCompare';
  const settings = compare ? m.args.slice(1) : m.args;
  const [locale, options, ...more] = settings;
  if (!locale || more.length > 0 || settings.some((a) => a.type === 'spread_element') || bare(m.object).type === 'super' || (compare && !m.args[0])) return null;
  const how = formatter(m.name, options);
  const anchor = how && outermostWhere(call, (a) => settings.every((s) => isInvariant(model, s, a)));
  if (!how || !anchor) return null;
  const name = freshName(model, compare ? 'collator' : how.type === 'Intl.NumberFormat' ? 'numberFormat' : 'dateFormat');
  const args = compare ? `${textOf(m.object)}, ${textOf(m.args[0] ?? call)}` : textOf(m.object);
  return siteOf(context, [...insertBefore(model, anchor, [`const ${name} = new ${how.type}(${settings.map(textOf).join(', ')});`]), replace(call, `${name}.${how.method}(${args})`)], `make one ${how.type} before the loop (${atLine(call)})`);
}

export const hoistFormatter = defineRewrite({
  id: 'hoist-formatter',
  title: 'formatting by locale in a loop, with one formatter made before it',
  assumes: 'the formatted value is a number, a Date or a text as the options say',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => site(context, model, c)),
});
