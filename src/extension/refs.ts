// What commands, tree items and messages name things by: plain data that survives a reload.

/** A project: the folder with sigil.yaml or .sigil. */
export interface ProjectRef {
  /** Absolute path. */
  readonly root: string;
}

export interface RunRef extends ProjectRef {
  readonly spec: string;
  readonly workspace: string;
  readonly run: string;
}

export interface SolutionRef extends RunRef {
  readonly id: string;
}

/** One text for one run: a map key. */
export function keyOf(r: RunRef): string {
  return [r.root, r.spec, r.workspace, r.run].join('\0');
}

export function runRef(r: RunRef): RunRef {
  return { root: r.root, spec: r.spec, workspace: r.workspace, run: r.run };
}

const isText = (x: unknown): x is string => typeof x === 'string';

/** Menus hand tree items over, which carry their `ref`; keyboards hand nothing over. */
function refIn(arg: unknown): Partial<SolutionRef> | null {
  if (typeof arg !== 'object' || arg === null) return null;
  return 'ref' in arg ? refIn(arg.ref) : arg;
}

export function toRunRef(arg: unknown): RunRef | null {
  const r = refIn(arg);
  return r !== null && isText(r.root) && isText(r.spec) && isText(r.workspace) && isText(r.run) ? { root: r.root, spec: r.spec, workspace: r.workspace, run: r.run } : null;
}

export function toSolutionRef(arg: unknown): SolutionRef | null {
  const run = toRunRef(arg);
  const id = refIn(arg)?.id;
  return run !== null && isText(id) ? { ...run, id } : null;
}
