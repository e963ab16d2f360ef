// How busy the lanes of the real engine are, from 1 to 32 slots, while the simulated model proposes, against an ideal pipeline that costs
// nothing and never waits: of evaluations in parallel (counts), and of exclusive ones (times), for which there is one server whatever is asked for.
// Usage: npm run build && npx tsx bench/utilisation.ts [--slots 1,2,4,8,16,32] [--kinds count,time] [--write]

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Event } from '../src/core/events.ts';
import { ModelServer } from '../test/models/server.ts';
import { FAMILIES, instanceRng } from './landscapes.ts';
import { loadLine, machineLine } from './machine.ts';
import { SimulatedModel } from './simulated/model.ts';
import { familyNamed, writeProject } from './simulated/project.ts';

const PAGE = join(__dirname, 'results', 'utilisation.md');
/** Of an answer: seconds, the median, and the spread of its logarithm. */
const LATENCY = { medianMs: 3000, sigma: 0.5 };
/** One evaluation sleeps so long: what is looked at is the engine, not the machine's cores. */
const SLEEP = { count: 2, time: 0.05 } as const;
type Kind = keyof typeof SLEEP;

/** The gate is cheap, and fails where a Python program would not run. */
const specOf = (kind: Kind): string => `version: 1
specs:
  simulated:
    pins: [program.py#choose]
    gates: ['grep -cE "^    place_[0-9]+ = [0-9]+$" program.py | grep -qx 12']
    measure: "sleep ${SLEEP[kind]}${kind === 'count' ? '; echo worth: 1' : ''}"
    metrics:
      - ${kind === 'count' ? '{ name: worth, kind: count, direction: maximize }' : '{ name: time_ms, kind: time, source: { timer: wall } }'}
`;

interface Measured {
  readonly kind: Kind;
  readonly slots: number;
  readonly calls: number;
  readonly evaluations: number;
  readonly requests: number;
  /** Evaluations that ended in the part of the run that is looked at. */
  readonly middle: number;
  /** The time of that part, and what of it was inside evaluations, s. */
  readonly wall: number;
  readonly busy: number;
  readonly latency: number;
  readonly load: string;
}

async function measure(kind: Kind, slots: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  const family = familyNamed('flat'); // nothing is ever kept: each candidate costs what a useless one costs
  const model = new SimulatedModel(family.make(instanceRng(family, 1)), `flat ${slots}`, LATENCY);
  const server = await new ModelServer(model.reply).start();
  try {
    const root = join(folder, 'project');
    writeProject(root, family, 1);
    writeFileSync(join(root, 'sigil.yaml'), specOf(kind));
    const lanes = kind === 'time' ? 1 : slots;
    const calls = kind === 'time' ? slots : 3 * slots;
    const evaluations = kind === 'time' ? 24 : Math.max(32, 8 * slots);
    const stdout = await new Promise<string>((done, fail) => {
      const child = spawn(process.execPath, [join(__dirname, '../dist/cli.js'), 'run', 'simulated', '--model', 'openai/sim', '--base-url', `${server.url}/v1`, '--niter', String(evaluations), '--parallel', String(lanes), '--calls', String(calls), '--seed', '1', '--json'], {
        cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SIGIL_CACHE_DIR: join(folder, 'cache') },
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      child.once('error', fail).once('exit', (code) => { if (code === 0) done(text); else fail(new Error(`exit ${String(code)}`)); });
    });
    const events = stdout.trim().split('\n').map((l) => JSON.parse(l) as Event);
    const verdicts = events.flatMap((e) => (e.type === 'verdict' && e.outcome !== 'duplicate' && e.outcome !== 'invalid' ? [e.t] : []));
    // A run of times is too short for a half of it to say anything.
    const at = (q: number): number => verdicts[Math.floor(q * (verdicts.length - 1))] ?? 0;
    const [from, to] = kind === 'count' ? [at(0.25), at(0.75)] : [events.find((e) => e.type === 'asked')?.t ?? 0, at(1)];
    const rounds = events.flatMap((e) => (e.type === 'round' && e.phase !== 'baseline' && e.phase !== 'final' && e.t > from && e.t <= to ? [e] : []));
    const busy = kind === 'count' ? rounds.length * SLEEP.count : rounds.reduce((sum, r) => sum + (r.candidate + r.incumbent) / 1000, 0);
    return {
      kind, slots, calls, evaluations, requests: server.log.length, wall: (to - from) / 1000, busy, load: loadLine(), middle: verdicts.filter((t) => t > from && t <= to).length,
      latency: model.delays.reduce((a, b) => a + b, 0) / model.delays.length / 1000,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers for each evaluation. */
const answersEach = (m: Measured): number => m.requests / m.evaluations;

/** Seconds that the evaluations of that part take at best: whatever the narrower of the two stages lets through; of a whole run, after the first answer. */
function idealSeconds(m: Measured): number {
  const lanes = m.kind === 'time' ? 1 : m.slots;
  return (m.kind === 'time' ? m.latency : 0) + Math.max(m.busy / lanes, (m.middle * answersEach(m) * m.latency) / m.calls);
}

/** The same where each answer is waited for in its lane, as an ask that holds its lane does. */
function inTurnSeconds(m: Measured): number {
  return (m.busy + m.middle * answersEach(m) * m.latency) / (m.kind === 'time' ? 1 : m.slots);
}

function row(m: Measured): string {
  const lanes = m.kind === 'time' ? 1 : m.slots;
  const percent = (seconds: number): string => `${((100 * m.busy) / lanes / seconds).toFixed(0)} %`;
  const ideal = idealSeconds(m);
  return `| ${m.slots} | ${m.calls} | ${m.evaluations} | ${m.requests} | ${m.wall.toFixed(1)} | ${ideal.toFixed(1)} | **${((100 * ideal) / m.wall).toFixed(0)} %** | ${percent(m.wall)} | ${percent(ideal)} | ${percent(inTurnSeconds(m))} | ${m.load} |`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { slots: { type: 'string', default: '1,2,4,8,16,32' }, kinds: { type: 'string', default: 'count,time' }, write: { type: 'boolean', default: false } } });
  const sections: string[] = [];
  for (const kind of values.kinds.split(',') as Kind[]) {
    const rows: string[] = [];
    for (const slots of values.slots.split(',').map(Number)) {
      const line = row(await measure(kind, slots));
      process.stderr.write(`${kind} ${line}\n`);
      rows.push(line);
    }
    sections.push(
      kind === 'count' ? '## Counts: evaluations in parallel' : '## Times: one evaluation at a time, exclusively', '',
      kind === 'count' ? `A slot is a lane (\`--parallel\`); three calls a lane (\`--calls\`). An evaluation sleeps ${SLEEP.count} s.` : `A slot is a call in flight (\`--calls\`); all pairs are measured one after the other, each process sleeps ${SLEEP.time} s, and a useless candidate takes some 10 to 20 of them.`, '',
      '| slots | calls | evaluations | answers | seconds | ideal | of the ideal speed | lanes busy | in the ideal | if each answer were waited for in its lane | load |',
      '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |', ...rows, '',
    );
  }
  const page = [
    '# Utilisation with a model', '', '`npm run build && npx tsx bench/utilisation.ts --write`', '', machineLine(), '',
    `The command itself, with \`alphaevolve\`, bubblewrap where there is one, and the simulated model over loopback: answers after ${LATENCY.medianMs / 1000} s (median; log-normal, σ ${LATENCY.sigma}), 30 % of them broken, on the flat landscape (of ${FAMILIES.length}), so that nothing is kept. Figures of counts are of the middle half of each run, from the verdict at a quarter of the evaluations to that at three quarters; those of times, of which there are fewer, are of the whole run, with its beginning and its end. ` +
    'The ideal pipeline has the same answers with the same mean latency and the same evaluations, costs nothing, and never waits: it takes whatever the narrower of its two stages takes (of a whole run: after the first answer). Real latencies vary, so no real pipeline reaches it for long; a half that happened to need fewer answers than the rest of its run comes out above 100 %. "Lanes busy" is the share of time in which a lane sits inside an evaluation (of a time: inside a timed process); building, gates, checkouts and the engine are not counted as busy. Where the load is above the number of cores a row shows the machine as much as the engine: processes wait to be started, and rounds of times that others disturbed are repeated, which nothing here counts as busy.', '',
    ...sections,
  ].join('\n');
  if (values.write) writeFileSync(PAGE, page);
  else process.stdout.write(page);
}

void main();
