// The languages that have a grammar, and which of them a file is written in.

import type { Language } from '../../core/pin.ts';
import type { LanguageRules } from './rules.ts';
import { c, cpp } from './languages/c.ts';
import { go } from './languages/go.ts';
import { java } from './languages/java.ts';
import { javascript, tsx, typescript } from './languages/javascript.ts';
import { python } from './languages/python.ts';
import { rust } from './languages/rust.ts';

const ALL: readonly LanguageRules[] = [python, javascript, typescript, tsx, go, rust, java, c, cpp];
const byLanguage = new Map(ALL.map((r) => [r.language, r]));
const byExtension = new Map(ALL.flatMap((r) => r.extensions.map((e) => [e, r.language] as const)));

export function rulesOf(language: Language): LanguageRules {
  const rules = byLanguage.get(language);
  if (!rules) throw new Error(`no rules for ${language}`);
  return rules;
}

/** Things that stand in C++ headers only. `extern "C"` and __cplusplus stand in C headers too. */
const CPP_ONLY = /^[ \t]*(?:namespace\s+\w|namespace\s*\{|template\s*<|class\s+\w+[^;]*\{|using\s+\w|(?:public|private|protected)\s*:)|^[ \t]*#[ \t]*include[ \t]*<\w+>|\bstd::|\bconstexpr\b|\bnoexcept\b/m;

/** The language of a file by its ending, or null where there is no grammar. A `.h` is C unless its text shows C++. */
export function languageOf(path: string, text?: string): Language | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return null;
  if (/\.C$/.test(path)) return 'cpp'; // by old custom a capital C is C++
  const language = byExtension.get(name.slice(dot)) ?? null;
  return name.endsWith('.h') && text !== undefined && CPP_ONLY.test(text) ? 'cpp' : language;
}
