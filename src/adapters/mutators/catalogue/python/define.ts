// How a Python rewrite is made from a visitor of functions.

import type { Context, Rewrite, Site } from '../rewrite.ts';
import type { Py } from './ast.ts';
import { inside, type Model, modelOf } from './model.ts';

export interface Definition {
  readonly id: string;
  readonly title: string;
  readonly assumes: string;
  /** Sites in one function; `nodes` are all nodes of its body but those of functions nested in it. Nulls are dropped. */
  visit(m: Model, fn: Py, nodes: readonly Py[]): Iterable<Site | null>;
}

const nodesOf = new WeakMap<Py, readonly Py[]>();

export function define(d: Definition): Rewrite {
  return {
    id: d.id,
    title: d.title,
    languages: ['python'],
    assumes: d.assumes,
    find(context: Context): Site[] {
      if (context.language !== 'python') return [];
      const m = modelOf(context);
      const sites: Site[] = [];
      const seen = new Set<string>();
      for (const fn of m.functions) {
        let nodes = nodesOf.get(fn);
        if (!nodes) nodesOf.set(fn, (nodes = inside(fn)));
        for (const s of d.visit(m, fn, nodes)) {
          if (!s) continue;
          const key = JSON.stringify(s.edits);
          if (seen.has(key)) continue;
          seen.add(key);
          sites.push(s);
        }
      }
      return sites;
    },
  };
}
