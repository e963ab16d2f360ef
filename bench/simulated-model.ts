// A simulated model behind an OpenAI-compatible address, and the project that it improves. Seeded: the n-th answer to a program is always the same.
//
//   npx tsx bench/simulated-model.ts [--family additive] [--seed 1] [--port 8123] [--latency 2] [--sigma 0.5] [--project DIR [--for SYSTEM]]
//
// Serves until Ctrl-C. With --project it writes a project first whose evaluation is the landscape, and with --for what another system needs to
// be run on the same program, evaluation and answers (simulated/systems.ts).

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ModelServer } from '../test/models/server.ts';
import { FAMILIES, instanceRng } from './landscapes.ts';
import { SimulatedModel } from './simulated/model.ts';
import { familyNamed, measureOf, writeProject } from './simulated/project.ts';
import { systemNamed } from './simulated/systems.ts';

const { values } = parseArgs({ options: {
  family: { type: 'string', default: 'additive' }, seed: { type: 'string', default: '1' }, port: { type: 'string', default: '8123' },
  latency: { type: 'string', default: '2' }, sigma: { type: 'string', default: '0.5' }, project: { type: 'string' }, for: { type: 'string' },
} });

async function main(): Promise<void> {
  const family = familyNamed(values.family);
  const seed = Number(values.seed);
  const model = new SimulatedModel(family.make(instanceRng(family, seed)), `${family.name} ${seed}`, { medianMs: Number(values.latency) * 1000, sigma: Number(values.sigma) });
  const server = await new ModelServer(model.reply).start(Number(values.port));
  process.stdout.write(`${family.name} (${family.what}), landscape ${seed}. Families: ${FAMILIES.map((f) => f.name).join(', ')}.\nAnswers at ${server.url}/v1 after ${values.latency} s (median, log-normal).\n`);
  if (values.project !== undefined) {
    writeProject(values.project, family, seed);
    const setting = { root: values.project, measure: measureOf('PROGRAM', family, seed), seed, url: `${server.url}/v1`, budget: 100 };
    const system = values.for === undefined ? null : systemNamed(values.for);
    system?.write(setting);
    if (system !== null) process.stdout.write(`\n  cd ${resolve(values.project)} && python3 ${system.args(setting).join(' ')}\n\n(with a python3 that has ${system.package}; pip brings it)\n`);
    process.stdout.write(`\n  sigil run simulated --cwd ${resolve(values.project)} --model openai/sim --base-url ${server.url}/v1 --niter 100 --control\n\nworth is 0 for the program as it is, and 1 at best.\n`);
  }
  process.stdout.write('Ctrl-C ends it.\n');
}

void main();
