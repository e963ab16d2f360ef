// The Python half of the catalogue, in the order in which it is shown.

import type { Rewrite } from '../rewrite.ts';
import { indexMap } from './index-map.ts';
import { companionSet, countAndIndex, membershipSet } from './membership.ts';

export const pythonRewrites: readonly Rewrite[] = [membershipSet, companionSet, countAndIndex, indexMap];
