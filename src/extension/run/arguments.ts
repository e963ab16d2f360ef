// What a task says, as the command's arguments.

/** A task of type `sigil`, as it stands in tasks.json. */
export interface RunDefinition {
  readonly type: 'sigil';
  /** A name in sigil.yaml, or that of a mark. */
  readonly spec: string;
  /** The project's folder from the workspace folder; left out when it is that folder. */
  readonly project?: string;
  /** More arguments of `sigil run` or `sigil resume`. */
  readonly arguments?: readonly string[];
  /** A run to go on with instead of a new one. */
  readonly resume?: string;
}

/** What a run that goes on was started with, as its journal says. */
export interface StartedWith {
  readonly model: string;
  readonly baseUrl?: string;
}

/** The user's settings; null where they leave it to sigil.yaml. */
export interface RunSettings {
  readonly optimizer: string | null;
  readonly model: string | null;
  readonly baseUrl: string | null;
  readonly budgetUsd: number | null;
  readonly calls: number | null;
  readonly evaluations: number | null;
  readonly maxMinutes: number | null;
  readonly sandbox: string;
}

/** The arguments after `sigil`. What the task says stands last, and so wins over settings. */
export function commandLine(d: RunDefinition, s: RunSettings, started: StartedWith | null = null): string[] {
  const more = d.arguments ?? [];
  // A resumed run keeps what it was started with. That its address is one of the user's only the user can say: a journal is a file of the project.
  if (d.resume !== undefined) return ['resume', d.resume, ...(s.baseUrl !== null && s.baseUrl === started?.baseUrl && s.model === started.model ? ['--base-url', s.baseUrl] : []), ...more];
  // A second --model would be asked beside the first, not instead of it.
  const model = more.some((m) => /^(?:--model(?:=|$)|-m)/.test(m)) ? null : s.model;
  return [
    'run', d.spec,
    ...(s.optimizer === null ? [] : ['--optimizer', s.optimizer]),
    ...(model === null ? [] : [...model.split(',').flatMap((m) => ['--model', m.trim()]), ...(s.baseUrl === null ? [] : ['--base-url', s.baseUrl])]),
    ...(s.calls === null || s.model === null ? [] : ['--calls', String(s.calls)]),
    ...(s.budgetUsd === null ? [] : ['--budget-usd', String(s.budgetUsd)]),
    ...(s.evaluations === null ? [] : ['--niter', String(s.evaluations)]),
    ...(s.maxMinutes === null ? [] : ['--time', `${s.maxMinutes}m`]),
    '--sandbox', s.sandbox,
    ...more,
  ];
}

/** Checks what a tasks.json holds; null when it is no task that can be run. */
export function definitionOf(x: Readonly<Record<string, unknown>>): RunDefinition | null {
  const { type, spec, project, resume } = x;
  const more = x['arguments'];
  if (type !== 'sigil' || typeof spec !== 'string' || spec === '' || spec.startsWith('-')) return null;
  return {
    type, spec,
    ...(typeof project === 'string' && project !== '' ? { project } : {}),
    ...(Array.isArray(more) && more.length > 0 ? { arguments: more.map(String) } : {}),
    ...(typeof resume === 'string' && resume !== '' ? { resume } : {}),
  };
}
