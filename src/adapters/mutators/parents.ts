// What is known of a parent: its rewrites with what each gives, its knobs, its places for generic edits. The same at each ask, so kept.

import { createHash } from 'node:crypto';
import type { Node } from 'web-tree-sitter';
import { baseGenome, pinSpans, renderFile, type BaseFile, type Genome, type Language } from '../../core/pin.ts';
import { normalForm } from '../syntax/normal-form.ts';
import { findKnobs } from '../syntax/knobs.ts';
import { languageOf, parse, withTree } from '../syntax/parser.ts';
import { javascriptRewrites } from './catalogue/javascript/all.ts';
import { pythonRewrites } from './catalogue/python/all.ts';
import type { Context, Rewrite, Site } from './catalogue/rewrite.ts';
import { applyEdits, editedGenome, insideOne } from './edits.ts';
import { genericPlaces, type GenericPlaces } from './generic.ts';
import { plainNumbers, type NumberKnob } from './numbers.ts';

export const REWRITES: readonly Rewrite[] = [...javascriptRewrites, ...pythonRewrites];

/** Parents whose facts are kept: a search has few at a time. */
const PARENTS = 16;
/** Texts whose normal forms are kept: those of a proposal are asked for again by the engine. */
const FORMS = 512;

/** A file of the parent as the mutators see it. */
export interface View {
  readonly file: BaseFile;
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  readonly language: Language | null;
}

/** An edit of the parent, and the genome that it gives. */
export interface Change {
  readonly operator: string;
  readonly site: Site;
  readonly genome: Genome;
  readonly form: string;
}

/** A view's places for generic edits, and the errors with which its text parses: files with macros have some, and must not get more. */
export interface Grounds {
  readonly places: GenericPlaces;
  readonly errors: number;
}

/** A map that forgets what was not asked for the longest. */
class Recent<V> {
  private readonly limit: number;
  private readonly entries = new Map<string, V>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string, make: () => V): V {
    const known = this.entries.get(key);
    const value = known ?? make();
    if (known !== undefined) this.entries.delete(key);
    this.entries.set(key, value);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit && oldest !== undefined) this.entries.delete(oldest);
    return value;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Whether a text parses without errors. */
export async function isSound(language: Language, text: string): Promise<boolean> {
  const tree = await parse(language, text);
  const sound = !tree.rootNode.hasError;
  tree.delete();
  return sound;
}

function countErrors(n: Node): number {
  if (!n.hasError) return 0;
  return n.children.reduce((sum, c) => sum + countErrors(c), n.isError || n.isMissing ? 1 : 0);
}

function errorsOf(language: Language, text: string): Promise<number> {
  return withTree(language, text, countErrors);
}

/** Digests of normal forms, by text. */
export class NormalForms {
  private readonly known = new Recent<Promise<string>>(FORMS);
  private readonly apart = new WeakMap<BaseFile, Promise<boolean>>();

  /** Equal for genomes that differ in comments and formatting only. */
  async of(base: readonly BaseFile[], genome: Genome): Promise<string> {
    const parts: string[] = [];
    for (const f of base) {
      const language = languageOf(f.file, f.text);
      if (await this.standsApart(f, language)) for (const p of f.pins) parts.push(p.id, await this.ofText(language, genome[p.id] ?? f.text.slice(p.range.start, p.range.end)));
      else parts.push(f.file, await this.ofText(language, renderFile(f, genome)));
    }
    return digest(parts.join('\0'));
  }

  /**
   * Whether a file's pins are functions that parse by themselves. The rest of the file is the same for all, so they are looked at alone:
   * what a candidate costs does not grow with its file. Methods of JavaScript, for one, do not parse outside their class.
   */
  standsApart(f: BaseFile, language: Language | null): Promise<boolean> {
    const known = this.apart.get(f) ?? (async () => {
      if (language === null || f.pins.length === 0) return false;
      for (const p of f.pins) if (p.kind !== 'function' || !(await isSound(language, f.text.slice(p.range.start, p.range.end)))) return false;
      return true;
    })();
    this.apart.set(f, known);
    return known;
  }

  private ofText(language: Language | null, text: string): Promise<string> {
    return this.known.get(`${language ?? ''}\0${digest(text)}`, async () => digest(await normalForm(language, text)));
  }
}

export class Parents {
  private readonly forms: NormalForms;
  private readonly known = new Recent<Parent>(PARENTS);

  constructor(forms: NormalForms) {
    this.forms = forms;
  }

  of(base: readonly BaseFile[], genome: Genome): Parent {
    const texts = base.map((f) => renderFile(f, genome));
    return this.known.get(digest(JSON.stringify([texts, genome])), () => new Parent(base, genome, texts, this.forms));
  }
}

export class Parent {
  readonly views: readonly View[];
  private readonly base: readonly BaseFile[];
  private readonly genome: Genome;
  private readonly forms: NormalForms;
  private rewritten: Promise<readonly Change[]> | null = null;
  private readonly knobsOf = new Map<View, Promise<readonly NumberKnob[]>>();
  private readonly groundsOf = new Map<View, Promise<Grounds>>();

  constructor(base: readonly BaseFile[], genome: Genome, texts: readonly string[], forms: NormalForms) {
    this.base = base;
    this.genome = { ...baseGenome(base), ...genome };
    this.forms = forms;
    this.views = base.map((file, i) => {
      const text = texts[i] ?? file.text;
      return { file, text, language: languageOf(file.file, text), spans: pinSpans(file, genome).map(([, start, end]) => ({ start, end })) };
    });
  }

  /** Whether an edit leaves a text that parses as well as the parent's. */
  async parses(v: View, language: Language, site: Site): Promise<boolean> {
    if (!(await this.forms.standsApart(v.file, language))) {
      const after = applyEdits(v.text, site.edits);
      const { errors } = await this.grounds(v, language);
      return errors === 0 ? isSound(language, after) : (await errorsOf(language, after)) <= errors;
    }
    for (const s of v.spans) {
      const edits = site.edits.filter((e) => e.start >= s.start && e.end <= s.end).map((e) => ({ ...e, start: e.start - s.start, end: e.end - s.start }));
      if (edits.length > 0 && !(await isSound(language, applyEdits(v.text.slice(s.start, s.end), edits)))) return false;
    }
    return true;
  }

  /** What a site makes of the parent; null when it leaves the pins. */
  async change(v: View, operator: string, site: Site): Promise<Change | null> {
    const genome = editedGenome(v.file, this.genome, site.edits);
    return genome === null ? null : { operator, site, genome, form: await this.forms.of(this.base, genome) };
  }

  /** All rewrites of the catalogue that apply. */
  rewrites(): Promise<readonly Change[]> {
    return (this.rewritten ??= this.findRewrites());
  }

  private async findRewrites(): Promise<readonly Change[]> {
    const out: Change[] = [];
    for (const v of this.views) {
      for (const [operator, site] of await rewriteSites(v)) {
        const change = await this.change(v, operator, site);
        if (change !== null) out.push(change);
      }
    }
    return out;
  }

  /** The knobs inside the pins: those marked, else, in a file without a grammar, every number. */
  knobs(v: View): Promise<readonly NumberKnob[]> {
    return memo(this.knobsOf, v, async () => {
      const { knobs } = await findKnobs(v.file.file, v.text);
      const marked = knobs.filter((k) => v.spans.some((s) => k.start >= s.start && k.end <= s.end));
      return marked.length > 0 ? marked : v.language === null ? plainNumbers(v.text, v.spans) : [];
    });
  }

  /** How many errors its files parse with. */
  async faults(): Promise<number> {
    let sum = 0;
    for (const v of this.views) if (v.language !== null) sum += (await this.grounds(v, v.language)).errors;
    return sum;
  }

  grounds(v: View, language: Language): Promise<Grounds> {
    return memo(this.groundsOf, v, async () => {
      const tree = await parse(language, v.text);
      try {
        return { places: genericPlaces({ text: v.text, root: tree.rootNode, language, pins: v.spans }), errors: countErrors(tree.rootNode) };
      } finally {
        tree.delete();
      }
    });
  }
}

function memo<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

async function rewriteSites(v: View): Promise<[operator: string, Site][]> {
  const { language } = v;
  const rewrites = REWRITES.filter((r) => language !== null && r.languages.includes(language));
  if (language === null || rewrites.length === 0) return [];
  const tree = await parse(language, v.text);
  try {
    const context: Context = { text: v.text, root: tree.rootNode, language, pins: v.spans };
    return rewrites.flatMap((r) => r.find(context).filter((site) => insideOne(site.edits, v.spans)).map((site): [string, Site] => [`rewrite:${r.id}`, site]));
  } finally {
    tree.delete();
  }
}
