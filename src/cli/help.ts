// The end of each command's --help: examples, and the searches that there are.

import { OPTIMIZERS } from '../core/optimizers/registry.ts';

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  init: ['sigil init'],
  new: ['sigil new --list', 'sigil new my-try -e python-log-report'],
  pins: ['sigil pins', 'sigil pins src/parse.ts --json', 'sigil pins --stdin --at 42 src/parse.ts < unsaved.ts'],
  mark: ['sigil mark src/parse.ts:42', 'sigil mark src/parse.ts:42 --list', 'sigil mark src/parse.ts:42 --measure auto', 'sigil mark src/a.py:7 --measure command --command "python3 bench.py" --metric speedup --goal max'],
  validate: ['sigil validate parse', 'sigil validate parse --sandbox required'],
  models: ['sigil models', 'sigil models setup', 'sigil models setup anthropic/claude-sonnet-5-5', 'sigil models list ollama'],
  'models setup': ['sigil models setup                       asks for all of it', 'sigil models setup anthropic/claude-sonnet-5-5', 'sigil models setup openai/my-model --base-url http://127.0.0.1:8080/v1', 'sigil models setup builtin               runs without a model again'],
  'models list': ['sigil models list openai', 'sigil models list openai --base-url http://127.0.0.1:8080/v1'],
  'models test': ['sigil models test ollama/qwen3-coder'],
  doctor: ['sigil doctor'],
  run: ['sigil run parse --niter 60 --optimizer annealing --seed 7', 'sigil run parse --time 10m --json > events.jsonl', 'sigil run parse --control', 'sigil run parse --model anthropic/claude-sonnet-5-5 --budget-usd 2', 'sigil run parse --model anthropic/claude-sonnet-5-5 --model openai/gpt-6-luna=3 --temperature 0.2..1.0 --usd-per-day 5', 'sigil run parse --model openai/my-model --base-url http://127.0.0.1:8080/v1', 'sigil run parse --model agent/claude --budget-usd 5', 'sigil run --source optimize.py --eval-command "python evaluate.py" --metric speedup --maximize true --steps 15'],
  resume: ['sigil resume                    the latest that was interrupted', 'sigil resume 20261120-101500 --niter +20', 'sigil resume 20261120-101500 --budget-usd 4 --time 30m'],
  stop: ['sigil stop', 'sigil stop 20261120-101500'],
  status: ['sigil status --json'],
  history: ['sigil history --spec parse'],
  'inspect-solutions': ['sigil inspect-solutions parse', 'sigil inspect-solutions parse --all --sort time', 'sigil inspect-solutions parse --json'],
  report: ['sigil report', 'sigil report 20261120-101500'],
  show: ['sigil show best', 'sigil show 3f9a1c'],
  diff: ['sigil diff best', 'sigil diff best | git apply', 'sigil diff 3f9a1c 77b0de'],
  compare: ['sigil compare 20261120-101500 20261120-113000'],
  accept: ['sigil accept best', 'sigil accept 3f9a1c --hunks 1,3', 'sigil accept best --document - --json < src/parse.ts'],
  measure: ['sigil measure best'],
  ban: ['sigil ban 3f9a1c'],
};

/** Every search with its options. */
function searches(): string {
  return `\nSearches (--optimizer), with their options (--option) and defaults:\n${OPTIMIZERS.map((o) => {
    const options = Object.entries(o.defaults).map(([key, value]) => `${key}=${String(value)}`).join(' ');
    return `  ${o.name}: ${o.summary}${options === '' ? '' : `\n      ${options}`}`;
  }).join('\n')}\n`;
}

/** The end of a command's help. */
export function endOfHelp(command: string): string {
  const list = EXAMPLES[command];
  return (command === 'run' ? searches() : '') + (list === undefined ? '' : `\n${list.length === 1 ? 'Example' : 'Examples'}:\n${list.map((l) => `  ${l}`).join('\n')}`);
}
