#!/usr/bin/env node
// A command-line agent that speaks as the real ones do (by the name it is started under: claude, codex, or another), really edits files, and is told what
// to do by a server on loopback: which is its log too. It tries whatever the server wants tried, and tells what came of it.
const { readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { basename } = require('node:path');

const name = basename(process.argv[1]);
const url = process.env.FAKE_URL ?? process.env.ANTHROPIC_BASE_URL;
const args = process.argv.slice(2);
const known = {
  claude: ['-p', '--output-format', '--verbose', '--permission-mode', '--tools', '--setting-sources', '--strict-mcp-config', '--no-session-persistence', '--model', '--max-budget-usd'],
  codex: ['exec', '--json', '--skip-git-repo-check', '--ephemeral', '--color', '--dangerously-bypass-approvals-and-sandbox', '--model'],
}[name];
const unknown = known && args.find((a) => a.startsWith('-') && !known.includes(a));
if (unknown) {
  console.error(`error: unknown option '${unknown}'`);
  process.exit(1);
}
const attempt = (what) => {
  try {
    return what() ?? 'done';
  } catch (e) {
    return e.code ?? String(e);
  }
};
const post = async (path, body) => (await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json();

async function main() {
  const prompt = readFileSync(0, 'utf8');
  const files = Object.fromEntries(readdirSync('.', { withFileTypes: true }).filter((e) => e.isFile()).map((e) => [e.name, readFileSync(e.name, 'utf8')]));
  const told = await post('/run', { name, args, cwd: process.cwd(), home: homedir(), prompt, env: process.env, files });
  if (told.probe) {
    const { read = [], write = [], list = [] } = told.probe;
    await post('/probed', {
      read: Object.fromEntries(read.map((p) => [p, attempt(() => readFileSync(p.replace('~', homedir()), 'utf8'))])),
      list: Object.fromEntries(list.map((p) => [p, attempt(() => readdirSync(p.replace('~', homedir())).join(' '))])),
      write: Object.fromEntries(Object.entries(write).map(([p, text]) => [p, attempt(() => writeFileSync(p.replace('~', homedir()), text))])),
    });
  }
  for (const [path, text] of Object.entries(told.write ?? {})) text === null ? rmSync(path, { recursive: true }) : writeFileSync(path, text);
  // The server's own words, for what no list of orders could foresee.
  if (told.code) await new Function('require', 'home', `return (async () => { ${told.code} })()`)(require, homedir());
  if (told.sleep) await new Promise((r) => setTimeout(r, told.sleep));
  if (told.exit !== undefined) {
    console.error(told.stderr ?? '');
    process.exit(told.exit);
  }
  const text = told.text ?? 'Done.\n\nIdea: as I was told.';
  if (name === 'claude') {
    console.log(JSON.stringify({ type: 'system', subtype: 'init', cwd: process.cwd(), tools: ['Edit', 'Glob', 'Grep', 'Read', 'Write'], permissionMode: 'acceptEdits' }));
    console.log(JSON.stringify({ type: 'result', subtype: told.subtype ?? 'success', is_error: told.error !== undefined, result: told.error ?? text, total_cost_usd: told.usd ?? 0.01, usage: {}, permission_denials: [] }));
    process.exit(told.error === undefined ? 0 : 1);
  } else if (name === 'codex') {
    console.log(JSON.stringify({ type: 'thread.started', thread_id: '01' }));
    console.log(JSON.stringify({ type: 'turn.started' }));
    console.log(JSON.stringify({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text } }));
    console.log(JSON.stringify({ type: 'turn.completed', usage: { input_tokens: 20000, cached_input_tokens: 4000, cache_write_input_tokens: 0, output_tokens: 1000, reasoning_output_tokens: 0 } }));
  } else {
    console.log(`working …\n${JSON.stringify({ said: text, ...(told.cost === undefined ? {} : { cost: told.cost }), ...(told.usd === undefined ? {} : { cost: told.usd }) })}`);
  }
}

void main();
