// The agents that are known without a word in sigil.yaml. Flags, output and login files were looked up on 2026-11-26: in the help, the output
// and the code of Claude Code 2.1.197, and in the help, the output and the sources of Codex CLI 0.171.0.

import type { Agent } from './agent.ts';

export type Preset = Omit<Agent, 'model' | 'name' | 'uses'>;

const CLAUDE_KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];
const CODEX_KEYS = ['CODEX_API_KEY'];

export const PRESETS: Readonly<Record<string, Preset>> = {
  claude: {
    // Files are edited without asking, nothing else is: there are no other tools. Settings with hooks and servers of the user or the project are not read.
    command: ['claude', '-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits', '--tools', 'Read,Edit,Write,Glob,Grep', '--setting-sources', '', '--strict-mcp-config', '--no-session-persistence'],
    modelArgs: ['--model', '{model}'],
    budgetArgs: ['--max-budget-usd', '{usd}'],
    output: { form: 'claude' },
    env: [...CLAUDE_KEYS, 'ANTHROPIC_BASE_URL'],
    set: { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
    // The login alone, and not its folder: settings in there name programs, which the user's next own session would start.
    home: { write: ['.claude/.credentials.json'], read: [] },
    leaves: ['.claude/**'],
    timeoutMs: 600_000,
    estimateUsd: 0.5,
    install: 'Install Claude Code: npm install -g @anthropic-ai/claude-code.',
    login: { remedy: 'Run "claude" once and log in, or set ANTHROPIC_API_KEY.', keys: CLAUDE_KEYS },
  },
  codex: {
    // Its own sandbox cannot start inside of ours, and need not: the flag is meant for this.
    command: ['codex', 'exec', '--json', '--skip-git-repo-check', '--ephemeral', '--color', 'never', '--dangerously-bypass-approvals-and-sandbox'],
    modelArgs: ['--model', '{model}'],
    budgetArgs: [],
    output: { form: 'codex' },
    env: CODEX_KEYS,
    set: {},
    home: { write: ['.codex/auth.json'], read: [] },
    leaves: ['.codex/**'],
    timeoutMs: 600_000,
    estimateUsd: 0.5,
    install: 'Install Codex: npm install -g @openai/codex.',
    login: { remedy: 'Run "codex login", or set CODEX_API_KEY.', keys: CODEX_KEYS },
  },
};
