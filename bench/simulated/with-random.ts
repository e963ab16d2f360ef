// The command with one more search, the bench's random choice: an entry to be bundled, whose first import adds to the list before the command reads it.

import { OPTIMIZERS } from '../../src/core/optimizers/registry.ts';
import type { Optimizer } from '../../src/core/optimizers/optimizer.ts';
import { random } from '../random.ts';

(OPTIMIZERS as Optimizer[]).push(random);
