// What candidates may not see, write or reach, tried by candidates: code that a model could have answered, in the real checkouts and sandbox.

import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../checkout/helpers.ts';
import { needBubblewrap } from '../sandbox/support.ts';
import { tryAll, verdicts } from './by-hand.ts';
import { Desk, ofType, put } from './support.ts';

const spec = (more = ''): string => `version: 1
specs:
  count:
    pins: [work.py]
    measure: python3 bench.py
    metrics: [{ name: steps, kind: count }]
    objective: minimize steps
${more}`;

const counting = (more = ''): Record<string, string> => ({ 'sigil.yaml': spec(more), 'work.py': 'STEPS = 50\n', 'bench.py': 'import work\nprint("steps: %d" % work.STEPS)\n', '.gitignore': 'node_modules/\n.venv/\n' });

/** A candidate that is better when a Python expression holds. */
const when = (test: string): string => `import os, glob, subprocess, socket\nSTEPS = 40 if ${test} else 50\n`;
const readable = (path: string): string => `(lambda p: os.access(p, os.R_OK) and (len(os.listdir(p)) if os.path.isdir(p) else os.path.getsize(p)) > 0)(${JSON.stringify(path)})`;

describe('containment', function () {
  this.timeout(240_000);
  let desk: Desk;
  let cache: string | undefined;

  before(async function () {
    await needBubblewrap(this);
    desk = new Desk();
    cache = process.env['SIGIL_CACHE_DIR'];
    process.env['SIGIL_CACHE_DIR'] = desk.cache;
  });
  after(async () => {
    if (cache === undefined) delete process.env['SIGIL_CACHE_DIR'];
    else process.env['SIGIL_CACHE_DIR'] = cache;
    await (desk as Desk | undefined)?.dispose();
  });

  /** Which of some tests hold for a candidate. */
  const holding = async (root: string, tests: Readonly<Record<string, string>>): Promise<string[]> => {
    const names = Object.keys(tests);
    const events = await tryAll(root, names.map((name) => when(tests[name] ?? '')), 'required');
    const proposed = ofType(events, 'proposed');
    assert.equal(proposed.length, names.length);
    return names.filter((_, i) => {
      const steps = ofType(events, 'round').find((r) => r.id === proposed[i]?.id)?.metrics['steps'];
      assert.ok(steps === 40 || steps === 50, `${names[i] ?? ''}: ${verdicts(events)[i] ?? 'nothing'}`);
      return steps === 40;
    });
  };

  it('a hidden file in a linked folder is hidden, and the rest of the folder is there', async () => {
    const root = desk.project(null, counting('    scope: { hidden: [node_modules/answers/all.json, node_modules/linked/key, .venv/private] }\n'));
    put(root, { 'node_modules/answers/all.json': '[42]', 'node_modules/answers/index.js': '0', 'node_modules/.pnpm/linked@1/key': 'key', '.venv/pyvenv.cfg': 'home = /usr', '.venv/private/key': 'key' });
    symlinkSync('.pnpm/linked@1', join(root, 'node_modules/linked'));
    const seen = await holding(root, {
      'the rest': readable('node_modules/answers/index.js'), 'a file': readable('node_modules/answers/all.json'), 'behind a link': readable('node_modules/linked/key'),
      'where the link leads': readable('node_modules/.pnpm/linked@1/key'), 'a folder': readable('.venv/private'),
    });
    assert.deepEqual(seen, ['the rest']);
  });

  it('git shows a candidate the project, and nothing that is or was hidden', async () => {
    const files = { 'answers/all.json': 'the answers\n', '.env': 'OPENAI_API_KEY=sk-in-a-file\n', 'src/seen.py': 'Z = 1\n' };
    // The first run hides nothing, so that the snapshot's repository has it all; then it is changed and hidden.
    const root = desk.project(null, { ...counting(), ...files });
    await holding(root, { 'nothing': 'False' });
    put(root, { 'sigil.yaml': spec('    scope: { hidden: [answers, .env] }\n    held_out: cat answers/all.json && python3 bench.py\n'), 'answers/all.json': 'other answers\n', '.env': 'OPENAI_API_KEY=sk-another\n' });
    const git = (args: string): string => `subprocess.run("git ${args}", shell=True, capture_output=True, text=True, errors="replace").stdout`;
    const objects = git(`cat-file --batch-all-objects --batch`);
    const seen = await holding(root, {
      'the history': `"STEPS = 50" in ${git('show HEAD:work.py')} and ${git('rev-parse HEAD')} != ""`, 'the answers': `"answers" in ${git('show HEAD:answers/all.json')}`, 'all objects': `"other answers" in ${objects} or "the answers" in ${objects}`,
      'a key': `"sk-" in ${objects}`, 'another file': `"Z = 1" in ${objects}`, 'changes': `${git('status --porcelain -- src bench.py')} != ""`,
    });
    assert.deepEqual(seen, ['the history', 'another file']);
  });

  it('setup sees what is linked, writes the whole checkout and nothing else, and what it made lasts', async () => {
    const setup = '    setup: python3 setup.py\n';
    const py = [
      'import os, shutil', 'assert open("node_modules/tool/index.js").read() == "tool"', 'assert open(".venv/pyvenv.cfg").read() == "home = /usr"',
      'os.makedirs("made/deep"); open("made/deep/data", "w").write("made"); open("src/extra.py", "w").write("X = 1")',
      'refused = []', 'for p in ["node_modules/tool/index.js", "node_modules/new", ".venv/pyvenv.cfg", ".venv/new", "/etc/new", os.path.join(os.path.dirname(os.getcwd()), "new")]:',
      '    try:', '        open(p, "a").write("x")', '    except OSError:', '        refused.append(p)', 'shutil.rmtree("node_modules", ignore_errors=True)',
      'open("made/refused", "w").write(str(len(refused)))',
    ].join('\n');
    const root = desk.project(null, { ...counting(setup), 'setup.py': py, 'src/own.py': 'Y = 1\n' });
    put(root, { 'node_modules/tool/index.js': 'tool', '.venv/pyvenv.cfg': 'home = /usr' });
    const before = fingerprint(root);
    const seen = await holding(root, {
      'what setup made': 'open("made/deep/data").read() == "made" and open("src/extra.py").read() == "X = 1"', 'all else refused': 'open("made/refused").read() in ("5", "6")',
      'linked': 'open("node_modules/tool/index.js").read() == "tool"', 'still read-only': 'os.access("made/deep/data", os.W_OK) and os.system("echo x > made/deep/data") == 0',
    });
    assert.deepEqual(seen, ['what setup made', 'all else refused', 'linked']);
    const after = fingerprint(root);
    for (const [path, was] of before) if (path !== '' && path !== '.sigil') assert.equal(after.get(path), was, path);
  });

  it('a setup that would write into a linked folder is told how to have its own', async () => {
    const setup = '    setup: echo x > node_modules/tool/index.js && echo x > node_modules/new\n';
    const root = desk.project(null, counting(setup));
    put(root, { 'node_modules/tool/index.js': 'tool' });
    const r = await desk.sigil(root, ['run', 'count', '--niter', '1', '--sandbox', 'required']);
    assert.notEqual(r.code, 0);
    assert.match(r.stderr.replace(/\s+/g, ' '), /setup fails.*Setup may read what is linked from your project \(node_modules\), not write there.*"copy"/);
    put(root, { 'sigil.yaml': spec(`    copy: [node_modules]\n${setup}`), 'work.py': 'STEPS = 50\n' });
    const seen = await holding(root, { 'its own': 'open("node_modules/new").read() == "x\\n"' });
    assert.deepEqual(seen, ['its own']);
    assert.equal(readFileSync(join(root, 'node_modules/tool/index.js'), 'utf8'), 'tool');
  });
});
