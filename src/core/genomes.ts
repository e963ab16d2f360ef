// Solutions' contents from the tree of diffs: rebuilt along the lineage, with the last ones kept.

import { applyExactly, filesPatch } from './patch/unified.ts';
import { baseGenome, genomeOf, renderFiles, type BaseFile, type Genome, type Reading } from './pin.ts';
import { BASELINE, type SolutionId } from './solution.ts';

interface Patched {
  readonly parents: readonly SolutionId[];
  readonly patch: string;
}

/** Looks a solution up; undefined for an unknown one. */
export type Lookup = (id: SolutionId) => Patched | undefined;

/** One file in two contents. */
export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export class Genomes {
  private readonly base: readonly BaseFile[];
  private readonly root: Genome;
  private readonly lookup: Lookup;
  private readonly cache = new Map<SolutionId, Genome>();

  constructor(base: readonly BaseFile[], lookup: Lookup) {
    this.base = base;
    this.root = baseGenome(base);
    this.lookup = lookup;
  }

  /** The content of a solution. Throws when its diffs do not apply: the journal has been edited by hand. */
  of(id: SolutionId): Genome {
    const chain: SolutionId[] = [];
    let at = id;
    let genome = at === BASELINE ? this.root : this.cache.get(at);
    while (genome === undefined) {
      const s = this.lookup(at);
      if (!s) throw new Error(`no solution ${at} in the journal`);
      chain.push(at);
      at = s.parents[0] ?? BASELINE;
      genome = at === BASELINE ? this.root : this.cache.get(at);
    }
    for (const next of chain.reverse()) {
      const texts = applyExactly(this.lookup(next)?.patch ?? '', renderFiles(this.base, genome));
      const read: Reading | null = texts === null ? null : genomeOf(this.base, texts, genome);
      if (read === null || 'outside' in read) throw new Error(`the diff of solution ${next} does not fit its parent`);
      genome = read.genome;
      this.keep(next, genome);
    }
    return genome;
  }

  private keep(id: SolutionId, genome: Genome): void {
    this.cache.set(id, genome);
    const oldest = this.cache.keys().next();
    if (this.cache.size > 256 && oldest.done !== true) this.cache.delete(oldest.value);
  }

  texts(genome: Genome): ReadonlyMap<string, string> {
    return renderFiles(this.base, genome);
  }

  /** The files that differ between two contents, in the order of the base. */
  changes(from: Genome, to: Genome): readonly FileChange[] {
    const after = this.texts(to);
    return [...this.texts(from)].map(([file, before]) => ({ file, before, after: after.get(file) ?? before })).filter((c) => c.before !== c.after);
  }

  /** The unified diff from one content to another. */
  diff(from: Genome, to: Genome): string {
    return filesPatch(this.texts(from), this.texts(to));
  }
}
