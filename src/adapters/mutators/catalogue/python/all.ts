// The Python half of the catalogue: those that change how cost grows first, constant factors last.

import type { Rewrite } from '../rewrite.ts';
import { frontInsert, listAppend, stringJoin, tupleAppend } from './accumulate.ts';
import { lazyArgument, needlessCopy, shallowCopy } from './copies.ts';
import { dictGet } from './dicts.ts';
import { attributeHoist, invariantCall, rowHoist } from './hoist.ts';
import { growingIndex } from './growing-index.ts';
import { indexMap } from './index-map.ts';
import { comprehension, directIteration, earlyExit } from './loops.ts';
import { companionSet, countAndIndex, membershipSet } from './membership.ts';
import { memoCalls, memoRecursion } from './memo.ts';
import { cheaperNumbers, divisorPairs, divisorSearch, modularPower } from './numbers.ts';
import { dequeQueue, heapQueue, orderedInsert } from './queue.ts';
import { selectFew } from './select.ts';
import { sliceRecursion } from './slices.ts';
import { builtinExtreme, builtinSum, prefixExtreme, prefixSums } from './sums.ts';

export const pythonRewrites: readonly Rewrite[] = [
  membershipSet,
  companionSet,
  countAndIndex,
  indexMap,
  growingIndex,
  memoRecursion,
  memoCalls,
  invariantCall,
  prefixSums,
  prefixExtreme,
  dequeQueue,
  heapQueue,
  orderedInsert,
  selectFew,
  listAppend,
  tupleAppend,
  stringJoin,
  frontInsert,
  sliceRecursion,
  divisorSearch,
  divisorPairs,
  modularPower,
  earlyExit,
  shallowCopy,
  needlessCopy,
  lazyArgument,
  rowHoist,
  attributeHoist,
  comprehension,
  directIteration,
  builtinSum,
  builtinExtreme,
  dictGet,
  cheaperNumbers,
];
