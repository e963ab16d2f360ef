// The ways in which a function could be measured, best first, and the spec that each of them makes.

import { guessDirection, guessKind } from '../../core/metric.ts';
import { UserError } from '../../core/errors.ts';
import type { Pin } from '../../core/pin.ts';
import type { Facts } from './facts.ts';
import { inFolder } from './facts.ts';
import { benchmarkScaffold, goCommands, inputsScaffold, type Benchmark, type Scaffold } from './scaffold.ts';

/** What a person has to say for a way. */
export type Question = 'command' | 'metric' | 'goal';

export interface Way {
  /** What `--measure` takes. */
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly asks: readonly Question[];
  /** What the metric is likely called. */
  readonly metric: string | null;
  readonly command: string | null;
}

export interface Answers {
  readonly command?: string | undefined;
  /** Left out: the command is timed. */
  readonly metric?: string | undefined;
  readonly goal?: 'min' | 'max' | undefined;
}

/** A spec's entry as sigil.yaml has it, and what goes with it. */
export interface Setup {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly scaffold: Scaffold | null;
}

const CALLABLE = new Set(['python', 'javascript', 'typescript', 'tsx']);

/** Whether the call eval can reach a pin: a function, not one of a private or doubled name. */
export function isCallable(pin: Pin): boolean {
  return pin.kind === 'function' && pin.language !== null && CALLABLE.has(pin.language) && !/[#~]/.test(pin.symbol ?? '#');
}

export function waysFor(pin: Pin, text: string, facts: Facts): readonly Way[] {
  const printed = (id: string, label: string, command: string, metric: string | null): Way =>
    ({ id, label, detail: metric === null ? `${command}: times it, or reads a number that it prints` : `${command}: reads the “${metric}” that it prints`, asks: ['metric'], metric, command });
  const ways: Way[] = [
    ...facts.goBenches.map((b): Way => ({ id: `go:${b.name}`, label: b.name, detail: 'go test -bench: nanoseconds an operation', asks: [], metric: 'ns_per_op', command: null })),
    ...facts.scripts.map((s) => printed(`file:${s.file}`, s.file, s.command, s.metric)),
    ...facts.packageBenches.map((b) => printed(`script:${b.name}`, `npm run ${b.name}`, b.command, b.metric)),
    ...facts.cargoBenches.map((b): Way => ({ id: `cargo:${b.name}`, label: `cargo bench ${b.name}`, detail: 'Reads the times that criterion or libtest print, in nanoseconds', asks: [], metric: 'ns_per_op', command: null })),
  ];
  if (isCallable(pin)) ways.push({ id: 'call', label: 'Call the function on inputs', detail: 'Times it, and compares every result with the original’s. You fill in typical inputs', asks: [], metric: 'time_ms', command: null });
  if (benchmarkScaffold(pin, text, facts.crate) !== null) ways.push({ id: 'benchmark', label: 'Write a small benchmark', detail: 'A file that calls the function and prints its time. You fill in the call', asks: [], metric: 'time_ms', command: null });
  ways.push(
    { id: 'command', label: 'A command that prints a number', detail: 'Such as “speedup: 1.2” or “accuracy = 0.93”', asks: ['command', 'metric', 'goal'], metric: null, command: null },
    { id: 'timer', label: 'Time a command', detail: 'The CPU time that it takes from start to end', asks: ['command'], metric: 'time_ms', command: null },
  );
  return ways;
}

/**
 * The way that needs least of the user: something that prints a number we know, else calling the function, else a benchmark to be
 * filled in. Null: only a command that the user names will do.
 */
export function automatic(ways: readonly Way[]): Way | null {
  const ready = ways.find((w) => w.asks.every((q) => q === 'metric') && w.metric !== null && w.id !== 'call' && w.id !== 'benchmark');
  return ready ?? ways.find((w) => w.id === 'call' || w.id === 'benchmark') ?? ways.find((w) => w.command !== null) ?? null;
}

/** Nanoseconds out of what criterion (`time: [1.2 µs 1.3 µs 1.4 µs]`) or libtest (`bench: 1,234 ns/iter`) print, summed over benches. */
const RUST_TIMES = `awk '{ gsub(",", "") } /time: *\\[/ { sub(/.*\\[/, ""); u = $4; f = u == "ps" ? 0.001 : u == "ns" ? 1 : u == "ms" ? 1e6 : u == "s" ? 1e9 : 1e3; t += $3 * f } /bench: / { sub(/.*bench: */, ""); t += $1 } END { if (t > 0) print t }' "$SIGIL_OUTPUT"`;

function time(name: string, unit: string, source?: object): object {
  return { name, kind: 'time', unit, ...(source === undefined ? {} : { source }) };
}

function ofBenchmark(b: Pick<Benchmark, 'build' | 'outputs' | 'measure' | 'metric'>): object {
  const { name, unit, regex } = b.metric;
  return { outputs: b.outputs, ...(b.build === null ? {} : { build: b.build }), measure: b.measure, metrics: [time(name, unit, regex === undefined ? undefined : { regex })], objective: `minimize ${name}` };
}

function ofCommand(command: string, { metric, goal }: Answers): object {
  if (metric === undefined) return { measure: command, metrics: [time('time_ms', 'ms', { timer: 'cpu' })], objective: 'minimize time_ms' };
  if (!/^[A-Za-z_][\w.]*$/.test(metric)) throw new UserError(`"${metric}" cannot be a metric's name`, 'A name has letters, digits, _ and . only, as the command prints it.', 2);
  const kind = guessKind(metric);
  const direction = goal === undefined ? guessDirection(kind) : goal === 'max' ? 'maximize' : 'minimize';
  return { measure: command, metrics: [{ name: metric, kind }], objective: `${direction} ${metric}` };
}

/** The spec for a way. Throws a UserError where an answer is missing. */
export function setupFor(way: Way, answers: Answers, pin: Pin, text: string, facts: Facts): Setup {
  const gates = facts.tests.map((t) => ({ name: t.name, command: t.command, timeout: '5m' }));
  const entry = (rest: object): Setup['entry'] => ({ pins: [pin.id], ...(gates.length === 0 ? {} : { gates }), ...rest, budget: { evaluations: 40 } });
  const plain = (rest: object): Setup => ({ entry: entry(rest), scaffold: null });
  const [kind, name = ''] = way.id.includes(':') ? [way.id.slice(0, way.id.indexOf(':')), way.id.slice(way.id.indexOf(':') + 1)] : [way.id];
  switch (kind) {
    case 'call': {
      const scaffold = inputsScaffold(pin);
      return { entry: entry({ call: { inputs: { generator: `${scaffold.file}:make` } }, metrics: [time('time_ms', 'ms', { call: 'cpu' })], objective: 'minimize time_ms' }), scaffold };
    }
    case 'benchmark': {
      const scaffold = benchmarkScaffold(pin, text, facts.crate) as Benchmark;
      return { entry: entry(ofBenchmark(scaffold)), scaffold };
    }
    case 'go': return plain(ofBenchmark(goCommands(facts.goBenches.find((b) => b.name === name)?.folder ?? '', name)));
    case 'cargo': {
      const { folder } = facts.cargoBenches.find((b) => b.name === name) ?? { folder: '' };
      const target = folder === '' ? 'target' : `${folder}/target`;
      return plain({
        outputs: [target], build: inFolder(folder, `cargo bench --offline --quiet --no-run --bench ${name}`), measure: inFolder(folder, `cargo bench --offline --quiet --bench ${name}`),
        metrics: [time('ns_per_op', 'ns', { parse: RUST_TIMES })], objective: 'minimize ns_per_op',
      });
    }
    default: {
      const command = answers.command ?? way.command;
      if (command === null || command.trim() === '') throw new UserError(`--measure ${way.id} needs a command`, 'Give it with --command, for example --command "python bench.py".', 2);
      if (kind === 'command' && answers.metric === undefined) throw new UserError('--measure command needs the name of the number that the command prints', 'Give it with --metric, or use --measure timer to time the command.', 2);
      return plain(ofCommand(command, kind === 'timer' ? {} : answers));
    }
  }
}
