// Which agent a name means, how it is started, what it leaves behind, and what it may spend.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argvOf, programOf, type Agent } from '../../../src/adapters/agents/agent.ts';
import { agentNamed } from '../../../src/adapters/agents/choose.ts';
import { RunCost } from '../../../src/adapters/agents/run-cost.ts';
import { isMatch } from '../../../src/adapters/agents/workplace.ts';
import { Purse } from '../../../src/adapters/models/purse.ts';
import { parseSpecs } from '../../../src/adapters/spec/load.ts';
import { assertAgentsAgreed, chooseAgents } from '../../../src/cli/agents.ts';
import type { UserError } from '../../../src/core/errors.ts';
import { confinementWords, grantedWords } from '../../../src/core/granted.ts';
import type { AgentEntry } from '../../../src/protocol/spec-file.ts';
import { specOf } from '../models/support.ts';

const entries = (yaml: string): Readonly<Record<string, AgentEntry>> => parseSpecs(`version: 1\nspecs: {}\n${yaml}`).file.agents ?? {};
const named = (model: string, yaml = ''): Agent => agentNamed(model, entries(yaml));

/** What a program sees that is started by an agent's argument vector: its arguments, then its stdin. */
function started(agent: Agent, prompt: string, usd: number | null): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-agent-'));
  try {
    const file = join(folder, 'prompt.md');
    writeFileSync(file, prompt);
    writeFileSync(join(folder, 'show'), '#!/bin/sh\nfor a; do printf "%s\\0" "$a"; done\ncat\n', { mode: 0o755 });
    const [program = '', ...args] = argvOf(agent, prompt, file, usd);
    return execFileSync(program, args, { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SIGIL_PROMPT_FILE: file }, encoding: 'utf8' }).replaceAll(file, 'FILE').split('\0');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PROMPT = 'Make it "faster" than $HOME\nand `x` \'y\'\n';

describe('an agent', () => {
  it('is not another program, nor has more of the user\'s, because a project says so under a preset\'s name', () => {
    for (const entry of ['command: other', 'env: [AWS_SECRET_ACCESS_KEY]', 'home: { read: [.ssh] }', 'preset: codex', 'model_args: [--hook, x]', 'prompt: stdin'])
      assert.throws(() => named('agent/claude', `agents: { claude: { ${entry} } }`), /a project may not change the "\w+" of agent\/claude|unknown|unrecognized/i, entry);
  });

  it('is refused where it is a default for all projects and only the project says which program it is', () => {
    const wishes = [{ name: 'agent/mine', weight: 1 }];
    assert.throws(() => chooseAgents('/nowhere', wishes, null, true), /cannot be the default of all projects/);
    assert.throws(() => chooseAgents('/nowhere', wishes, null), /there is no agent "mine"/);
    assert.equal(chooseAgents('/nowhere', [{ name: 'agent/claude', weight: 1 }], null, true).agents.length, 1);
  });

  it('is a preset, or described in sigil.yaml, or the one changed by the other', () => {
    const claude = named('agent/claude');
    assert.deepEqual([claude.name, claude.uses, claude.output.form, programOf(claude), claude.home.write], ['claude', null, 'claude', 'claude', ['.claude/.credentials.json']]);
    assert.deepEqual(named('agent/codex/gpt-5.4').uses, 'gpt-5.4');
    const cheap = named('agent/cheap', 'agents: { cheap: { preset: claude, model: haiku, timeout: 2m, env: [MY_KEY], home: { read: [.claude/CLAUDE.md] }, leaves: [notes/**] } }');
    assert.deepEqual([cheap.uses, cheap.timeoutMs, cheap.output.form, cheap.home.read, cheap.home.write, cheap.leaves], ['haiku', 120_000, 'claude', ['.claude/CLAUDE.md'], ['.claude/.credentials.json'], ['.claude/**', 'notes/**']]);
    assert.ok(cheap.env.includes('MY_KEY') && cheap.env.includes('ANTHROPIC_API_KEY') && cheap.login?.keys.includes('MY_KEY'));
    const own = named('agent/mine', 'agents: { mine: { command: "MODE=x my-agent --edit", cost: usd } }');
    assert.deepEqual([programOf(own), own.output, own.login, own.timeoutMs], ['my-agent', { form: 'paths', cost: 'usd', summary: null }, null, 600_000]);
    assert.equal(named('agent/claude', 'agents: { claude: { timeout: 3m, model: haiku } }').timeoutMs, 180_000);
    const wishes = [{ name: 'openai/x', weight: 1 }, { name: 'agent/claude', weight: 2 }];
    assert.deepEqual(chooseAgents('/nowhere', wishes.slice(0, 1), null), { agents: [], others: wishes.slice(0, 1) });
    const both = chooseAgents('/nowhere', wishes, 'http://127.0.0.1:1');
    assert.deepEqual([both.agents.map(({ agent, weight }) => [agent.model, weight]), both.others], [[['agent/claude', 2]], wishes.slice(0, 1)]);
  });

  it('that cannot be had is refused in words', () => {
    const fails = (model: string, yaml: string, message: RegExp, remedy: RegExp): void => assert.throws(() => named(model, yaml), (e: UserError) => message.test(e.message) && remedy.test(e.remedy) && e.exitCode === 2);
    fails('agent/cluade', '', /there is no agent "cluade"/, /Did you mean "claude"\?.*"agents:" in sigil\.yaml/);
    fails('agent/', '', /the name of the agent is missing/, /agent\/claude, agent\/codex/);
    fails('agent/mine', 'agents: { mine: { timeout: 5m } }', /agent "mine": it has no command/, /preset: claude/);
    fails('agent/mine/big', 'agents: { mine: { command: x } }', /does not say how a model is named/, /model_args/);
    assert.throws(() => chooseAgents('/nowhere', [{ name: 'agent/claude', weight: 1 }], 'http://127.0.0.1:1'), /--base-url was given with agent\/claude/);
    assert.throws(() => chooseAgents('/nowhere', [{ name: 'agent/claude', weight: 1 }, { name: 'agent/claude', weight: 2 }], null), /given twice/);
    assert.throws(() => chooseAgents('/nowhere', [{ name: 'agent/claude', weight: 1 }, { name: 'builtin', weight: 1 }], null), /do not share a run with agents/);
    for (const path of ['..', '../x', '/etc', '.', 'a/../../b', './']) assert.throws(() => entries(`agents: { m: { command: x, home: { write: ["${path}"] } } }`), /path below the home folder/, path);
  });

  it('gets its prompt on stdin, by file or as an argument, and its limits by its own flags', () => {
    const of = (command: string, more = ''): Agent => named('agent/m/big', `agents: { m: { command: ${command}, model_args: ["--model", "{model}"], budget_args: ["--max", "{usd}"]${more} } }`);
    assert.deepEqual(started(of('show a'), PROMPT, 0.51239), ['a', '--model', 'big', '--max', '0.5123', PROMPT]);
    assert.deepEqual(started(of('[show, "a b"]'), PROMPT, null), ['a b', '--model', 'big', PROMPT]);
    assert.deepEqual(started(of('"show --in {prompt_file}"'), PROMPT, null), ['--in', 'FILE', '--model', 'big', '']);
    for (const written of ['show {prompt}', 'show "{prompt}"', "show '{prompt}'"]) assert.deepEqual(started(of(JSON.stringify(written)), PROMPT, null), [PROMPT.trimEnd(), '--model', 'big', ''], written);
    assert.deepEqual(started(of('[show, "--p={prompt}"]'), PROMPT, null), [`--p=${PROMPT}`, '--model', 'big', '']);
    assert.deepEqual(started(named("agent/m/o'ne", 'agents: { m: { command: "show --m {model}" } }'), PROMPT, null), ['--m', "o'ne", PROMPT]);
    assert.match(started(of('[show, "{prompt}"]'), 'é'.repeat(100_000), null)[0] ?? '', /é\n\[… cut off: too long for an argument\]$/);
    assert.deepEqual(argvOf(named('agent/claude/haiku'), PROMPT, 'f', 1).slice(-4), ['--model', 'haiku', '--max-budget-usd', '1']);
  });

  it('leaves behind what its patterns say', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [['.aider*', '.aider.chat.history.md', true], ['.aider*', 'src/.aider.x', false], ['notes/**', 'notes/a/b.md', true], ['**/*.bak', 'a/b.bak', true], ['**/*.bak', 'b.bak', true], ['*.bak', 'a/b.bak', false], ['a?c', 'abc', true], ['a.c', 'abc', false], ['x[1]', 'x[1]', true]];
    for (const [glob, path, is] of cases) assert.equal(isMatch(glob, path), is, `${glob} ${path}`);
  });

  it('runs unconfined only when the user says so', () => {
    const open = { level: 'process-group', bwrap: null, note: 'No sandbox: no bwrap.' } as const;
    assert.throws(() => { assertAgentsAgreed([{ agent: named('agent/claude'), weight: 1 }], 'best', open); }, (e: UserError) => /nothing confines it\. No sandbox: no bwrap/.test(e.message) && e.remedy.includes('--sandbox none') && e.exitCode === 2);
    assertAgentsAgreed([{ agent: named('agent/claude'), weight: 1 }], 'none', open);
    assertAgentsAgreed([{ agent: named('agent/claude'), weight: 1 }], 'best', { level: 'bubblewrap', bwrap: '/usr/bin/bwrap', note: null });
  });

  it('has what the report says, and evaluations what the spec says', () => {
    const granted = [{ agent: 'agent/claude', variables: ['ANTHROPIC_API_KEY'], home: ['~/.claude/.credentials.json'] }];
    assert.equal(grantedWords(granted, specOf(), true), 'agent/claude has the network, and of yours ~/.claude/.credentials.json and ANTHROPIC_API_KEY; it sees neither your working tree nor hidden files. Evaluations have none of it.');
    assert.match(grantedWords(granted, specOf({ network: true, env: ['OPENAI_API_KEY'] }), true), /Evaluations have the network and OPENAI_API_KEY, as the spec says, and else none of it\.$/);
    assert.match(grantedWords(granted, specOf(), false), /is not confined/);
  });

  it('is confined as the spec has it: no network is said only where there is none', () => {
    assert.equal(confinementWords('bubblewrap', specOf()), 'bubblewrap: read-only system, no network');
    assert.equal(confinementWords('bubblewrap', specOf({ network: true, env: ['OPENAI_API_KEY', 'B'] })), 'bubblewrap: read-only system, with the network, as the spec asks, and your OPENAI_API_KEY and B, as the spec says');
    assert.match(confinementWords('bubblewrap', specOf({ setup: 'make' })), /no network but for setup$/);
    assert.match(confinementWords('process-group', specOf()), /^process limits only: candidate code can read your files and use the network$/);
  });
});

describe('what agents may spend', () => {
  it('is reserved by the dearest run seen, and given to each as its limit where it keeps one', async () => {
    const purse = new Purse(2, 0);
    const cost = new RunCost(true, 0.5);
    const reserve = (): ReturnType<typeof purse.reserve<NonNullable<ReturnType<RunCost['fit']>>>> => purse.reserve((left) => cost.fit(left));
    const first = await reserve();
    assert.equal(first?.limit, 1.5);
    const second = await reserve();
    assert.equal(second?.limit, 0.5);
    const waiting = reserve();
    cost.learn(0.1);
    first.settle(0.1);
    assert.ok(Math.abs(((await waiting)?.limit ?? 0) - 0.3) < 1e-12);
  });

  it('is refused when a run may cost more than is left and none is in flight', async () => {
    const purse = new Purse(1, 0);
    const cost = new RunCost(false, 0.5);
    const first = await purse.reserve((left) => cost.fit(left));
    assert.equal(first?.limit, 0.5);
    cost.learn(0.7);
    first.settle(0.7);
    assert.equal(await purse.reserve((left) => cost.fit(left)), null);
    assert.deepEqual(new RunCost(true, 0.5).fit(Infinity), { most: 1.5, limit: null });
    assert.equal(new RunCost(true, 0.5).fit(0.4), null);
    assert.equal(new RunCost(true, 0).fit(0), null);
  });
});
