// argv → command → view. The one place where errors become text and exit codes.

import { closeSync, fstatSync, openSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { accept } from './commands/accept.ts';
import { ban, measure } from './commands/act.ts';
import { doctor } from './commands/doctor.ts';
import { init, newProject } from './commands/init.ts';
import { compare, diff, inspectSolutions, report, show } from './commands/inspect.ts';
import { mark } from './commands/mark.ts';
import { pins } from './commands/marks.ts';
import { listProvider, setUpModel, showModels, tryModel } from './commands/models.ts';
import { resumeRun } from './commands/resume.ts';
import { startRun } from './commands/run.ts';
import { steer } from './commands/steer.ts';
import { history, status, stop } from './commands/status.ts';
import { validate } from './commands/validate.ts';
import { endOfHelp } from './help.ts';
import { PROVIDERS } from '../adapters/models/providers.ts';
import { EFFORTS, temperatureOf } from '../core/model-wish.ts';
import { OPTIMIZERS } from '../core/optimizers/registry.ts';
import { version } from './version.ts';
import { writeSchema } from './schema.ts';
import { painter } from './view/terminal.ts';

/** What every command is given. Returns an exit code; undefined is 0. */
export type Action<O> = (globals: Globals, options: O, ...args: string[]) => Promise<number | undefined>;

export interface Globals {
  readonly json: boolean;
  readonly cwd: string | undefined;
}

let exitCode = 0;

/** Commander hands over (…args, options, command); a command of ours gets (globals, options, …args). */
function does<O>(command: Command, action: Action<O>): Command {
  return command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals<O & { json?: boolean; cwd?: string }>(); // of a group too: `models list --json`
    const args = given.slice(0, -2).flat() as string[];
    exitCode = (await action({ json: options.json === true, cwd: options.cwd }, options, ...args)) ?? 0;
  });
}

const whole = (name: string) => (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new UserError(`${name}: "${text}" is not a whole number of at least 1`, `For example ${name} 4.`, 2);
  return n;
};
const money = (name: string) => (text: string): number => {
  const n = Number(text);
  if (!(n > 0)) throw new UserError(`${name}: "${text}" is not an amount`, `For example ${name} 2.50.`, 2);
  return n;
};
const temperature = (text: string): { readonly low: number; readonly high: number } => {
  const range = temperatureOf(text);
  if (range === null) throw new UserError(`--temperature: "${text}" is no temperature, nor a range of them, from 0 to 2`, 'For example --temperature 0.7, or --temperature 0.2..1.0, of which each ask draws its own.', 2);
  return range;
};
/** An option that may be repeated. */
const many = (flags: string, description: string, byDefault = 'none'): Option => new Option(flags, `${description}; may be repeated`).argParser((value: string, before: string[]) => [...before, value]).default([], byDefault);

function build(): Command {
  const program = new Command('sigil')
    .description('Makes marked code measurably better: proposes edits, measures them fairly, and keeps what is verified.')
    .version(version(), '-V, --version')
    .showSuggestionAfterError()
    .addHelpText('after', `
Examples:
  sigil pins                              what is marked in this project
  sigil validate parse                    check the spec "parse" and see what its evaluation can resolve
  sigil run parse --niter 40              search; nothing is written to your files
  sigil diff best                         what it found, as a patch
  sigil accept best                       apply it
  sigil run --source optimize.py --eval-command "python evaluate.py" --metric speedup --maximize true --steps 15

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 130 interrupted and resumable.`);

  const add = (name: string, summary: string, group = program): Command =>
    group.command(name).description(summary)
      .option('--json', 'one JSON document on stdout; people\'s text goes to stderr')
      .option('--cwd <dir>', 'the project\'s root (default: the nearest folder upwards with a sigil.yaml)')
      .addHelpText('after', endOfHelp(`${group === program ? '' : `${group.name()} `}${name.split(' ')[0] ?? ''}`))
      .exitOverride().configureOutput({ outputError: () => undefined });
  const chooses = (c: Command): Command => c
    .option('--spec <name>', 'of this spec').option('--workspace <name>', 'of this workspace').option('--run <run>', 'of this run (a prefix will do)');
  const runs = (c: Command): Command => c
    .option('--budget-usd <amount>', 'stop at this spend', money('--budget-usd'))
    .option('--usd-per-day <amount>', 'stop when all runs of this user on this machine have spent this today (default: what "sigil models setup" has set up)', money('--usd-per-day'))
    .option('--time <duration>', 'stop after this time, e.g. 10m (of a resumed run: in all)')
    .option('--calls <n>', 'calls of a model in flight at a time (default: 4); evaluations go on meanwhile', whole('--calls'))
    .option('--parallel <n>', 'evaluations at a time; times are measured one at a time whatever this says', whole('--parallel'));

  does(add('init', 'sets a project up: a commented sigil.yaml'), init);
  does(add('new [dir]', 'copies a bundled example into a new folder').option('-e, --example <name>', 'which one').option('--list', 'the examples there are'), newProject);
  does(add('pins [files...]', 'lists the marked code').option('--stdin', 'reads unsaved text of the one FILE from stdin').option('--at <line>', 'only what is marked around this line', whole('--at')), pins);
  does(add('mark <file:line>', 'marks the function at a line')
    .option('--name <spec>', 'the spec it belongs to').option('--eval <command>', 'the command that measures it').option('--metric <name>', 'what it prints').option('--goal <max|min>', 'which way is better')
    .option('--measure <way>', 'also writes to sigil.yaml how to measure it: auto, call, command, timer, or another of --list').option('--command <command>', 'for --measure command or timer')
    .option('--list', 'only lists the ways in which it could be measured').option('--stdin', 'takes the text of FILE from stdin, answers the new texts, writes nothing'), mark);
  does(add('validate <spec>', 'preflight: config, gates, a planted failure, the baseline, its noise, what the eval can resolve')
    .addOption(new Option('--sandbox <level>').choices(['required', 'best', 'none']).default('best')), validate);
  const models = does(add('models', 'which model is set up; its providers, and where their keys come from'), showModels);
  does(add('setup [provider/name]', 'sets a model up: key, a provider\'s own list, a test call; runs then ask it without --model', models)
    .option('--base-url <url>', 'where it is reached, e.g. http://127.0.0.1:8080/v1 (default: its provider)').option('--no-test', 'without the test call')
    .option('--usd-per-day <amount>', 'what all runs of a day may spend together', money('--usd-per-day')), setUpModel);
  does(add('list <provider>', 'the models that a provider says it has', models).option('--base-url <url>', 'of this server').option('--all', 'also those that do not answer in text'), listProvider);
  does(add('test <provider/name>', 'asks a model for one word: whether it answers, how fast, at what cost', models).option('--base-url <url>', 'where it is reached'), tryModel);
  does(add('doctor', 'what this machine has: tools, sandbox, load'), doctor);

  does(runs(add('run [spec]', 'searches for a better solution'))
    .option('-w, --workspace <name>', 'where the solutions are kept', 'v1').option('--name <name>', 'the same as --workspace')
    .option('--optimizer <name>', `one of ${OPTIMIZERS.map((o) => o.name).join(', ')} (default: greedy; alphaevolve with a model)`)
    .addOption(many('--option <key=value>', 'an option of the optimizer'))
    .option('-n, --niter <n>', 'solutions to evaluate', whole('--niter')).option('--steps <n>', 'the same as --niter', whole('--steps'))
    .addOption(many('-m, --model <provider/name[=weight]>', `who proposes: builtin (no key needed), a model of ${PROVIDERS.join(', ')}, or a command-line agent: agent/claude, agent/codex, agent/NAME of sigil.yaml; of several each gets asks in proportion to its weight, a number behind the last "="`, 'models in sigil.yaml, else what "sigil models setup" has set up, else builtin')).option('--base-url <url>', 'where the model is reached, e.g. http://127.0.0.1:8080/v1 (default: its provider)')
    .option('--temperature <range>', 'of the models\' answers: 0.7, or 0.2..1.0, of which each ask draws its own (default: the provider\'s; left out where a model takes none)', temperature)
    .addOption(new Option('--effort <level>', 'how much the models think before they answer (default: the provider\'s; left out where a model takes none)').choices(EFFORTS))
    .option('--prices <file>', 'JSON with prices of models, USD per million tokens: they win over the built-in list')
    .option('--seed <n>', 'for a repeatable search').option('--from <solution>', 'start from a solution of an earlier run')
    .option('--instructions <text|file>', 'what the proposer should know').option('--additional-instructions <text|file>', 'the same as --instructions')
    .addOption(new Option('--sandbox <level>', 'required: refuse without one; best: use what there is; none').choices(['required', 'best', 'none']).default('best'))
    .option('--control', 'then run best-of-n with the same budget, for comparison')
    .option('--source <file>', 'without a spec: the file to change').option('--eval-command <command>', 'the command that measures it')
    .option('--metric <name>', 'the metric that it prints').addOption(new Option('--maximize <bool>', 'whether more is better').choices(['true', 'false']))
    .addOption(many('--outputs <dir>', 'a folder that the eval may write')).addOption(many('--env <name>', 'a variable that the eval needs'))
    .option('--network', 'the eval needs the network').option('--eval-timeout <seconds>', 'for one evaluation', whole('--eval-timeout'))
    .option('--log-dir <dir>', 'gets a copy of each step and of the best').option('--preserve-source', 'accepted for compatibility: a run never writes the source'), startRun);
  does(runs(add('resume [run]', 'goes on exactly where a run stopped')).option('-n, --niter <n>', 'the number of solutions: 40, or +20 for twenty more').option('--base-url <url>', 'where its model is reached now').option('--log-dir <dir>', 'gets a copy of each step and of the best'), resumeRun);
  does(add('stop [run]', 'stops a run after the evaluation in flight'), stop);
  does(add('status', 'what runs now'), status);
  does(add('history', 'past runs').option('--spec <name>', 'of this spec'), history);

  does(add('inspect-solutions [spec]', 'a table of solutions').option('--workspace <name>', 'of this workspace').option('--run <run>', 'of this run only')
    .addOption(new Option('--sort <by>', 'order').choices(['score', 'time']).default('score')).option('--all', 'with those that failed, duplicates and invalid ones'), inspectSolutions);
  does(add('report [run]', 'the report of a run: what is claimed, and what it rests on'), report);
  does(chooses(add('show <solution>', 'one solution whole: an id, best or baseline')).option('--calls', 'what a model or an agent was asked for it, and what it answered'), show);
  does(chooses(add('diff <solution> [other]', 'a patch that git apply takes: from the baseline to the solution, or from the solution to the other')), diff);
  does(add('compare <run> <other>', 'two runs side by side'), compare);
  does(chooses(add('accept <solution>', 'applies a solution to the working files'))
    .option('--hunks <list>', 'only these, e.g. 1,3').option('--document <file>', '-: takes the editor\'s text of the file on stdin, answers the merged text, writes nothing')
    .option('--documents <file>', '-: the same of several files, as {"documents": [{"file": …, "text": …}]}').option('--record', 'notes that an editor has applied it; writes no file').option('--undone', 'notes that it was taken back; writes no file')
    .option('--measure', 'measures a merge or a choice of hunks against the code as it is now, and applies it only when it is verified to be better').option('--no-gates', 'does not run the gates on a merged text')
    .addOption(new Option('--sandbox <level>').choices(['required', 'best', 'none']).default('best'))
    .addHelpText('after', `
Examples:
  sigil accept best                       the best of the latest run into the working files
  sigil accept 3f2a --hunks 1,3 --measure two parts of it, if they are verified to be better than the code as it is
  sigil accept 3f2a --documents - --json  an editor's texts on stdin, the merged ones as the answer`), accept);
  does(chooses(add('measure <solution>', 'measures a solution again, with fresh pairs against the baseline')).addOption(new Option('--sandbox <level>').choices(['required', 'best', 'none']).default('best')), measure);
  does(chooses(add('ban <solution>', 'never a parent again')), ban);
  does(add('steer <run> [text...]', 'tells a search something from now on: an instruction for its proposer (the built-in mutators read none)')
    .option('--focus <solution>', 'search from this solution: it is the parent of the next things that are tried')
    .addHelpText('after', `
Examples:
  sigil steer 20261120-1015 --focus 3f2a
  sigil steer 20261120-1015 "avoid regular expressions"`), steer);
  program.command('print-schema', { hidden: true }).action(() => { writeSchema(); });
  return program.exitOverride().configureOutput({ outputError: () => undefined });
}

function explain(error: unknown, args: readonly string[]): number {
  const json = args.includes('--json');
  const paint = painter(process.stderr);
  const say = (message: string, remedy: string, code: number): number => {
    if (json) process.stdout.write(`${JSON.stringify({ error: message, remedy, exitCode: code })}\n`);
    process.stderr.write(`${paint('sigil:', 'red', 'bold')} ${message}\n${remedy === '' ? '' : `  ${paint('→', 'cyan')} ${remedy}\n`}`);
    return code;
  };
  if (error instanceof UserError) return say(error.message, error.remedy, error.exitCode);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
    const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(rest.join(' ').trim())?.[1];
    const command = args.find((a) => !a.startsWith('-'));
    return say(message.replaceAll("'", '"'), near !== undefined ? `Did you mean ${near}?` : `See "sigil ${error.code === 'commander.unknownCommand' || command === undefined ? '' : `${command} `}--help".`, 2);
  }
  const e = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${paint('sigil: a bug', 'red', 'bold')}: ${e.stack ?? e.message}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: e.message, bug: true, exitCode: 1 })}\n`);
  return 1;
}

let gone = false;

/** Takes /dev/null for a terminal that was closed: Node aborts at its exit when it cannot set the terminal's modes back. */
function terminalGone(): void {
  if (gone) return;
  gone = true;
  for (const fd of [0, 1, 2]) {
    if (!fstatSync(fd).isCharacterDevice()) continue; // a file or a pipe
    closeSync(fd);
    openSync('/dev/null', 'r+'); // takes the lowest free number, which is this one
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (e: NodeJS.ErrnoException) => {
      if (e.code === 'EPIPE' && !stream.isTTY) process.exit(0); // `sigil … | head`
      if (!stream.isTTY) throw e;
      terminalGone(); // the run ends in order (SIGHUP tells it to), only nobody reads along
    });
  }
  try {
    const program = build();
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (e) {
    exitCode = explain(e, args);
  }
  process.exitCode = exitCode;
}

void main();
