// Recorded answers of a model, each from a server on loopback through the real client to the edit that it means.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointOf } from '../../../src/adapters/models/providers.ts';
import { clientFor } from '../../../src/adapters/models/sdk.ts';
import { parseAnswer } from '../../../src/core/answers/parse.ts';
import { runCost } from '../../../src/core/run-estimate.ts';
import { baseGenome, genomeOf, renderFile, type BaseFile, type Genome } from '../../../src/core/pin.ts';
import { ModelServer } from '../../models/server.ts';

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'exchanges');

interface Exchange {
  readonly wire: 'chat' | 'messages';
  readonly parent: Genome;
  readonly answer: string;
  readonly promptTokens: number;
  readonly means: { readonly kind: 'edit'; readonly pins: Readonly<Record<string, string>>; readonly summary: string } | { readonly kind: 'repair'; readonly problem: string };
}

const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8'));
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const runs = readdirSync(FOLDER, { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => d.name);

describe('recorded answers of a model', () => {
  let server: ModelServer;
  let text = '';
  before(async () => { server = await new ModelServer(() => ({ text })).start(); });
  after(() => server.stop());

  it('took tokens as a run is expected to take before it begins', () => {
    const price = { input: 3, output: 15 };
    const calls = runs.flatMap((run) => readdirSync(join(FOLDER, run)).filter((f) => f !== 'base.json').map((f) => read(run, f) as Exchange));
    const usd = calls.reduce((sum, c) => sum + (c.promptTokens * price.input + (c.answer.length / 4) * price.output) / 1e6, 0);
    const { low, high } = runCost(price, calls.length);
    assert.ok(low < usd && usd < high, `${low} to ${high}: ${usd}`);
  });

  for (const run of runs) {
    const base = read(run, 'base.json') as readonly BaseFile[];
    for (const file of readdirSync(join(FOLDER, run)).filter((f) => f !== 'base.json').sort()) {
      it(`${run}/${file} means what it meant`, async () => {
        const { wire, parent: changed, answer, means } = read(run, file) as Exchange;
        text = answer;
        const endpoint = wire === 'chat' ? endpointOf('openai/relay', `${server.url}/v1`, '/nowhere', { OPENAI_API_KEY: 'k' }) : endpointOf('anthropic/relay', server.url, '/nowhere', { ANTHROPIC_API_KEY: 'k' });
        const got = await clientFor({ ...endpoint, api: wire === 'chat' ? 'chat' : 'anthropic' }, 10_000).complete({ system: 's', messages: [{ role: 'user', text: 'p' }], maxTokens: 100 }, new AbortController().signal);
        assert.equal(got.text, answer);
        const parent = { ...baseGenome(base), ...changed };
        const parsed = parseAnswer(got.text, { base, parent });
        if (means.kind === 'repair') {
          assert.deepEqual({ kind: parsed.kind, problem: parsed.kind === 'repair' ? parsed.problem : '' }, means);
          return;
        }
        assert.ok(parsed.kind === 'genome', JSON.stringify(parsed));
        const { genome, summary } = parsed;
        assert.deepEqual({ kind: 'edit', pins: Object.fromEntries(Object.entries(genome).filter(([id, t]) => t !== parent[id]).map(([id, t]) => [id, hash(t)])), summary }, means);
        // Laid onto the files, and read from them again, it is the same.
        const files = new Map(base.map((f) => [f.file, renderFile(f, genome)]));
        const again = genomeOf(base, files);
        assert.deepEqual('genome' in again ? again.genome : again, genome);
      });
    }
  }
});
