// The list of JavaScript and TypeScript rewrites; those with the largest usual gains first.

import type { Rewrite } from '../rewrite.ts';
import { accumulateInPlace } from './accumulate.ts';
import { dropNeedlessCopy, jsonCopyToCopy } from './copies.ts';
import { findByKeyToMap } from './find-by-key.ts';
import { growingListByKey } from './group-by-key.ts';
import { pushSortToInsertion, sortedQueueToHeap } from './heap.ts';
import { hoistInvariant } from './hoist.ts';
import { hoistFormatter } from './intl.ts';
import { forEachToFor, fuseChain } from './loops.ts';
import { membershipToSet } from './membership.ts';
import { memoizeRecursion } from './memo-recursion.ts';
import { nestedScanToGroups } from './nested-scan.ts';
import { divisorBound, numericForms, typedArray } from './numeric.ts';
import { shiftToHead, sliceToPosition, unshiftToPush } from './queues.ts';
import { hoistRow, sumsToPrefix } from './rows.ts';
import { askForLess, exitEarly, sortToScan } from './shortcuts.ts';
import { sortAfterLoop } from './sort-after-loop.ts';
import { stringKeyToNumber } from './string-key.ts';

export const javascriptRewrites: readonly Rewrite[] = [
  memoizeRecursion,
  membershipToSet,
  findByKeyToMap,
  growingListByKey,
  nestedScanToGroups,
  sortedQueueToHeap,
  pushSortToInsertion,
  sortAfterLoop,
  accumulateInPlace,
  hoistInvariant,
  sumsToPrefix,
  divisorBound,
  sliceToPosition,
  shiftToHead,
  unshiftToPush,
  sortToScan,
  askForLess,
  exitEarly,
  hoistFormatter,
  jsonCopyToCopy,
  stringKeyToNumber,
  typedArray,
  fuseChain,
  forEachToFor,
  dropNeedlessCopy,
  hoistRow,
  numericForms,
];
