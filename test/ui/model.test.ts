// A model proposes to a run that was started from the lens: its name and address are settings, and its key never is.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ModelServer } from '../models/server.ts';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, useWorkbench } from './support.ts';

const ANSWER = `Idea: keep a set of the words that were seen.

\`\`\`python
def unique_words(words):
    """The words in the order in which they come, each once."""
    return list(dict.fromkeys(words))
\`\`\`
`;

describe('a run with a model', function () {
  this.timeout(180_000);
  let server: ModelServer;
  before(async () => { server = await new ModelServer(() => ({ text: ANSWER })).start(); });
  after(() => server.stop());
  const wb = useWorkbench(() => ({
    folder: fixture('words'), env: { OPENAI_API_KEY: 'sk-not-to-be-seen' },
    settings: { 'sigil.run.model': 'openai/x', 'sigil.run.baseUrl': `${server.url}/v1`, 'sigil.run.evaluations': 1 },
  }));

  it('asks the server, measures the answer, and says on the lens what it is worth', async () => {
    await wb().openFile('words.py');
    await wb().codeLens('Optimize this function').click();
    await wb().codeLens(/comparisons lower by \d+ · 1 solution/).waitFor({ timeout: 120_000 });
    assert.ok(server.log.length > 0);
    assert.match(server.log[0]?.prompt ?? '', /def unique_words/);
    const journal = readFileSync(journals(wb().folder)[0] ?? '', 'utf8');
    assert.match(journal, /"model":"openai\/x"/);
    assert.doesNotMatch(journal, /sk-not-to-be-seen/);
  });

  it('shows prompt and answer of a solution from the tree', async () => {
    await wb().openViewContainer('Sigil');
    await wb().contextMenu(wb().page.getByRole('treeitem', { name: /the best of its run/ }), 'Show Prompt and Answer');
    await wb().tab(/Prompt and Answer/).waitFor();
    const text = await poll(() => wb().page.locator('.monaco-editor[data-uri^="sigil-calls:"] .view-line').allInnerTexts(), (lines) => lines.some((l) => /openai\/x/.test(l)), 'the document');
    assert.match(text.join('\n').replaceAll('\u00a0', ' '), /Prompt and answer of/);
  });

  it('runs with another search and the built-in mutators when they are chosen for that run', async () => {
    const before = server.log.length;
    await wb().command('Sigil: Run a Search With…');
    await wb().pick(/^annealing/);
    await wb().pick(/Built-in Mutators/);
    const journal = await poll(() => journals(wb().folder).find((f) => f.includes('annealing')), Boolean, 'the run');
    await poll(() => readFileSync(journal ?? '', 'utf8'), (text) => /"type":"run-ended"/.test(text), 'its end', 60_000);
    assert.match(readFileSync(journal ?? '', 'utf8'), /"model":"builtin"/);
    assert.equal(server.log.length, before, 'no model was asked');
  });
});
