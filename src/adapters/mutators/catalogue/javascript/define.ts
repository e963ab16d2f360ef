// The common frame of the JavaScript rewrites: the shared model of the file, sites inside pins only.

import type { Context, Rewrite, Site } from '../rewrite.ts';
import type { Model } from './model.ts';
import { modelOf } from './model.ts';

/** A rewrite of JavaScript, TypeScript and TSX. `find` may give null for places that turn out not to fit. */
export function defineRewrite(spec: {
  readonly id: string;
  readonly title: string;
  readonly assumes: string;
  find(context: Context, model: Model): readonly (Site | null)[];
}): Rewrite {
  return {
    id: spec.id,
    title: spec.title,
    assumes: spec.assumes,
    languages: ['javascript', 'typescript', 'tsx'],
    find(context) {
      const model = modelOf(context);
      return model ? spec.find(context, model).filter((s) => s !== null) : [];
    },
  };
}
