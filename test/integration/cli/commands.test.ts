// Every command with --json: one document, the right exit code, and a helpful word for what is wrong.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, eventsIn, journals, ofType, oneDocument, put, untouchable, type Ended } from './support.ts';
import type { Event } from '../../../src/core/events.ts';

const PY = `import time


def slow(items, wanted):
    out = []
    for item in items:
        if item in wanted:
            out.append(item)
    return out


# sigil: improve spec=fast eval="python bench.py" metric=time_ms
def other(n):
    return n
`;

describe('commands', function () {
  this.timeout(120_000);
  let desk: Desk;
  let root: string;
  let run: Ended;
  let name: string;
  let untouched: ReadonlyMap<string, string>;

  before(async () => {
    desk = new Desk();
    root = desk.project('knobs');
    untouched = untouchable(root);
    run = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '8', '--json']);
    name = (oneDocument((await desk.sigil(root, ['history', '--json'])).stdout) as { runs: { run: string }[] }).runs[0]?.run ?? '';
  });
  after(async () => desk.dispose());

  it('run --json streams the journal, one event a line, and ends with the summary', () => {
    assert.equal(run.code, 0, run.stderr);
    const events = run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Event);
    assert.deepEqual(events, eventsIn(journals(root)[0] as string));
    assert.equal(events[0]?.type, 'run-started');
    const last = events.at(-1);
    assert.ok(last?.type === 'run-ended');
    assert.equal(last.summary.evaluations, 8);
    assert.ok(last.summary.gain && last.summary.gain.gain > 0);
    assert.equal(ofType(events, 'run-started')[0]?.seed, 3);
    assert.deepEqual(untouchable(root), untouched, 'a run writes nothing but .sigil');
    assert.equal(desk.git(root, 'status', '--porcelain'), '', 'and that ignores itself');
  });

  it('status, history, inspect-solutions, report, show, compare: one document each', async () => {
    assert.deepEqual(await desk.json(root, ['status']), { running: [] });
    const { solutions } = await desk.json<{ solutions: { id: string; outcome: string; best: boolean; parents: string[]; gain: object | null }[] }>(root, ['inspect-solutions', 'shape']);
    assert.equal(solutions.length, 8);
    assert.equal(solutions.filter((s) => s.best && s.outcome === 'kept' && s.gain).length, 1);
    const best = solutions[0];
    assert.ok(best?.best, 'the best comes first');
    const report = await desk.json<Record<string, unknown>>(root, ['report']);
    assert.deepEqual([report['run'], report['best'], report['evaluations'], report['seed'], report['ended']], [name, best.id, 8, 3, 'budget']);
    for (const key of ['machine', 'sandbox', 'noise', 'counts', 'processes', 'seconds', 'gain']) assert.ok(report[key] !== undefined && report[key] !== null, key);
    for (const who of ['best', best.id, best.id.slice(0, 5)]) {
      const shown = await desk.json<{ id: string; diff: string; gates: { gate: string; ok: boolean }[] }>(root, ['show', who]);
      assert.equal(shown.id, best.id);
      assert.match(shown.diff, /^--- a\/params\.cfg\n\+\+\+ b\/params\.cfg\n@@/);
      assert.deepEqual(shown.gates.map((g) => [g.gate, g.ok]), [['gate 1', true]]);
    }
    const { runs } = await desk.json<{ runs: { run: string }[] }>(root, ['compare', name, name.slice(0, 15)]);
    assert.deepEqual(runs.map((r) => r.run), [name, name]);
  });

  it('diff: from the baseline, between two, back; plain when piped; empty with exit 0 for the baseline', async () => {
    const text = async (...args: string[]): Promise<string> => {
      const r = await desk.sigil(root, ['diff', ...args], { env: { TERM: 'xterm-256color' } });
      assert.equal(r.code, 0, r.stderr);
      assert.equal(r.stderr, '');
      return r.stdout;
    };
    const patch = await text('best');
    assert.ok(!patch.includes('\u001b'), 'no colour when piped');
    const there = desk.project('knobs');
    put(desk.folder, { 'there.patch': patch, 'back.patch': await text('best', 'baseline') });
    desk.git(there, 'apply', join(desk.folder, 'there.patch'));
    assert.notEqual(desk.git(there, 'status', '--porcelain'), '');
    desk.git(there, 'apply', join(desk.folder, 'back.patch'));
    assert.equal(desk.git(there, 'status', '--porcelain'), '');
    assert.equal(await text('baseline'), '');
    assert.equal(await text('best', 'best'), '');
    assert.equal((await desk.json<{ patch: string }>(root, ['diff', 'best'])).patch, patch);
    assert.match(readFileSync(join(root, '.sigil', 'ws', 'shape', 'v1', 'runs', name, 'base', 'params.cfg'), 'utf8'), /width = 8 /);
  });

  it('where nothing is better, best is the baseline: diff is empty, accept has nothing to do, both exit 0', async () => {
    const p = desk.project('knobs', { 'cost.sh': 'echo "cost: 5"\n' });
    const r = await desk.sigil(p, ['run', 'shape', '--niter', '2', '--seed', '1']);
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout, /No improvement was found/);
    const diff = await desk.sigil(p, ['diff', 'best']);
    assert.deepEqual([diff.code, diff.stdout], [0, '']);
    assert.deepEqual((await desk.json<{ applied: unknown[] }>(p, ['accept', 'best'])).applied, []);
  });

  it('ban keeps a solution from being a parent; measure takes fresh pairs', async () => {
    const p = desk.project('knobs');
    assert.equal((await desk.sigil(p, ['run', 'shape', '--seed', '3', '--niter', '8'])).code, 0);
    const best = (await desk.json<{ id: string }>(p, ['show', 'best'])).id;
    const measured = await desk.json<{ id: string; gain: { gain: number }; holds: boolean; reason: string }>(p, ['measure', 'best']);
    assert.deepEqual([measured.id, measured.holds, measured.reason], [best, true, '']);
    assert.ok(measured.gain.gain > 0);
    assert.deepEqual(await desk.json(p, ['ban', best.slice(0, 6)]), { id: best, banned: true });
    assert.equal((await desk.sigil(p, ['resume', '--niter', '+4'])).code, 0);
    const events = eventsIn(journals(p)[0] as string);
    const resumedAt = events.findIndex((e) => e.type === 'resumed');
    const later = ofType(events.slice(resumedAt), 'asked');
    assert.ok(later.length >= 4);
    assert.ok(later.every((a) => a.request.parent !== best));
    assert.ok(ofType(events, 'acted').some((a) => a.banned.includes(best)));
  });

  it('validate: one document; exit 0 when all is well, 1 with the output of what fails', async () => {
    const good = await desk.json<{ ok: boolean; checked: boolean; planted: { by: string | null }[]; noise: { deterministic: boolean } }>(root, ['validate', 'shape']);
    assert.deepEqual([good.ok, good.checked, good.noise.deterministic], [true, true, true]);
    assert.ok(good.planted[0]?.by);
    assert.deepEqual(untouchable(root), untouched);
    const blind = desk.project('knobs', { 'cost.sh': 'echo "cost: 5"\n', 'gate.sh': 'true\n' });
    const r = await desk.sigil(blind, ['validate', 'shape', '--json']);
    assert.equal(r.code, 1);
    assert.equal((oneDocument(r.stdout) as { ok: boolean }).ok, false);
    assert.match(r.stderr, /planted failure is NOT noticed: your eval does not run this code/);
  });

  it('pins, pins --stdin --at, mark, init: what is marked, of saved and unsaved text', async () => {
    const p = desk.project(null, { 'src/a.py': PY });
    interface Pins { pins: { id: string; spec: string; language: string; range: { startLine: number; endLine: number } }[]; problems: unknown[] }
    const found = await desk.json<Pins>(p, ['pins']);
    assert.deepEqual(found.pins.map((x) => [x.id, x.spec, x.language]), [['src/a.py#other', 'fast', 'python']]);
    const unsaved = PY.replace('def slow', '# sigil: improve\ndef slow');
    const at = await desk.json<Pins>(p, ['pins', '--stdin', 'src/a.py', '--at', '7'], { input: unsaved });
    assert.deepEqual(at.pins.map((x) => x.id), ['src/a.py#slow']);
    assert.deepEqual((await desk.json<Pins>(p, ['pins', '--stdin', 'src/a.py', '--at', '2'], { input: unsaved })).pins, []);
    assert.equal(readFileSync(join(p, 'src/a.py'), 'utf8'), PY);

    const marked = await desk.json<{ file: string; id: string }>(p, ['mark', 'src/a.py:6', '--name', 'mine', '--eval', 'python bench.py', '--metric', 'time_ms', '--goal', 'min']);
    assert.deepEqual([marked.file, marked.id], ['src/a.py', 'src/a.py#slow']);
    assert.deepEqual((await desk.json<Pins>(p, ['pins'])).pins.map((x) => x.spec).sort(), ['fast', 'mine']);

    const made = await desk.json<{ created: boolean; file: string }>(p, ['init']);
    assert.deepEqual([made.created, made.file], [true, 'sigil.yaml']);
    const text = readFileSync(join(p, 'sigil.yaml'), 'utf8');
    assert.equal((await desk.json<{ created: boolean }>(p, ['init'])).created, false);
    assert.equal(readFileSync(join(p, 'sigil.yaml'), 'utf8'), text);
    // From a folder below, the project's root is found.
    assert.deepEqual((await desk.json<Pins>(join(p, 'src'), ['pins'])).pins.map((x) => x.id).sort(), ['src/a.py#other', 'src/a.py#slow']);
  });

  it('doctor and new', async () => {
    const doctor = await desk.json<{ checks: { name: string; ok: boolean }[]; machine: { cores: number } }>(root, ['doctor']);
    assert.ok(doctor.checks.some((c) => c.name === 'sandbox') && doctor.machine.cores >= 1);
    const { examples } = await desk.json<{ examples: { name: string }[] }>(root, ['new', '--list']);
    const [first] = examples;
    if (first === undefined) return; // a package without examples
    const r = await desk.sigil(desk.folder, ['new', 'tried', '-e', first.name, '--json']);
    assert.equal(r.code, 0, r.stderr);
    oneDocument(r.stdout);
    assert.ok(existsSync(join(desk.folder, 'tried', 'sigil.yaml')));
    const again = await desk.sigil(desk.folder, ['new', 'tried', '-e', first.name]);
    assert.equal(again.code, 2, 'never over something that is there');
  });

  const wrong: readonly (readonly [args: string, message: RegExp])[] = [
    ['rnu', /unknown command "rnu"\n +→ Did you mean run\?/],
    ['run shap', /there is no spec "shap"\n +→ Did you mean "shape"\?/],
    ['validate shap', /Did you mean "shape"\?/],
    ['inspect-solutions shap', /Did you mean "shape"\?/],
    ['run shape --optimizer gredy', /there is no optimizer "gredy"\n +→ .*greedy/],
    ['run shape --option widht=3', /no option "widht"\n +→ .*width/],
    ['run shape --nitr 3', /unknown option "--nitr"\n +→ Did you mean --niter\?/],
    ['show bset', /there is no solution "bset"\n +→ Did you mean "best"\?/],
    ['diff', /missing required argument "solution"\n +→ See "sigil diff --help"/],
    ['accept zzzz', /there is no solution "zzzz"/],
    ['report nope', /there is no run "nope"\n/],
    ['run shape --calls 8', /--calls was given, and the built-in mutators, which propose here, make no calls\n +→ Leave it out, or name a model too.*--parallel/],
    ['run shape --model builtin --temperature 0.7', /--temperature was given, and the built-in mutators/],
    ['run shape --effort high', /--effort was given, and the built-in mutators/],
    ['run shape --optimizer mads --calls 2', /--calls was given, and the built-in mutators/],
    ['run shape --instructions notes.md', /--instructions notes\.md: there is no such file/],
    ['run shape --instructions .', /--instructions \.: it cannot be read/],
    ['run shape --niter 0', /not a whole number of at least 1/],
    ['run shape --time soon', /"soon" is not a duration/],
    ['run shape --workspace ../../out', /--workspace \.\.\/\.\.\/out/],
    ['run shape --sandbox maybe', /Allowed choices are required, best, none/],
    ['run --source params.cfg', /--source needs --eval-command and --metric and --maximize/],
    ['run shape --source params.cfg', /both a spec \("shape"\) and --source/],
    ['run', /Give a spec, or --source/],
    ['mark params.cfg', /is not FILE:LINE/],
    ['ban baseline', /the baseline cannot be banned/],
    ['pins --stdin', /--stdin needs the name of the one file/],
    ['status --cwd /nowhere/at/all', /there is no such folder/],
  ];
  it('wrong usage: exit 2, what is wrong and what to do, one JSON document with --json, and nothing done', async () => {
    const at = new Set(journals(root));
    const evaluations = (await desk.json<{ evaluations: number }>(root, ['report', name])).evaluations;
    const ofRun: typeof wrong = [
      [`resume ${name} --niter +2 --calls 8`, /--calls was given, and the built-in mutators, which propose in this run, make no calls\n +→ Leave it out\./],
      [`resume ${name} --niter +2 --base-url http://127.0.0.1:9/v1`, /--base-url was given, and run \S+ asks no model\n +→ Leave it out/],
      [`resume ${name} --niter ${evaluations}`, /is finished: (\d+) of \1 evaluations\n +→ Extend it with --niter \+20/],
      [`resume ${name} --sandbox none`, /unknown option "--sandbox"/],
    ];
    for (const [args, message] of [...wrong, ...ofRun]) {
      const r = await desk.sigil(root, [...args.split(' '), '--json']);
      assert.equal(r.code, 2, `${args}: ${r.stderr}`);
      assert.match(r.stderr, message, args);
      const document = oneDocument(r.stdout) as { error: string; remedy: string; exitCode: number };
      assert.ok(document.error !== '' && document.remedy !== '' && document.exitCode === 2, args);
      assert.ok(!r.stderr.includes('    at '), `no stack: ${args}`);
    }
    assert.deepEqual(new Set(journals(root)), at);
    assert.deepEqual(readdirSync(join(root, '.sigil', 'ws', 'shape')), ['v1']);
  });

  it('a run whose time is up goes on with more of it only, and its last words say how', async () => {
    const p = desk.project('knobs');
    const r = await desk.sigil(p, ['run', 'shape', '--seed', '1', '--niter', '9', '--time', '100ms']);
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout, /"sigil resume (\S+) --time DURATION" goes on/);
    const run = ofType(eventsIn(journals(p)[0] ?? ''), 'run-started')[0]?.run ?? '';
    for (const more of [[], ['--niter', '+5'], ['--time', '50ms']]) {
      const refused = await desk.sigil(p, ['resume', run, ...more]);
      assert.equal(refused.code, 2, refused.stdout);
      assert.match(refused.stderr, /has used its time: .* of .*\n +→ Give it more: --time DURATION/);
    }
    const on = await desk.sigil(p, ['resume', run, '--time', '10m', '--niter', '9']);
    assert.equal(on.code, 0, on.stderr);
    assert.equal(ofType(eventsIn(journals(p)[0] ?? ''), 'run-ended').at(-1)?.summary.reason, 'budget');
  });

  it('every command ends its help with examples of itself', async () => {
    const help = (await desk.sigil(root, ['--help'])).stdout;
    const names = [...help.matchAll(/^ {2}([a-z][\w-]*) (?:\[|<)/gm)].map((m) => m[1] ?? '').filter((n) => n !== 'help');
    assert.ok(names.length >= 18, names.join(' '));
    for (const name of names) {
      const r = await desk.sigil(root, [name, '--help']);
      assert.equal(r.code, 0);
      const examples = /\nExamples?:\n((?: {2}.*\n?)+)/.exec(r.stdout)?.[1]?.trimEnd().split('\n') ?? [];
      assert.ok(examples.length > 0 && examples.every((l) => l.startsWith(`  sigil ${name}`)), `${name}: ${examples.join('|')}`);
    }
  });

  it('tables fit 80 columns, and 120', async () => {
    for (const columns of [80, 120]) {
      for (const args of [['inspect-solutions', 'shape'], ['history'], ['report'], ['compare', name, name], ['pins'], ['--help'], ['run', '--help']]) {
        const r = await desk.sigil(root, args, { env: { COLUMNS: String(columns) } });
        assert.equal(r.code, 0, r.stderr);
        assert.ok(!r.stdout.includes('\u001b'));
        if (args[0] !== 'inspect-solutions' && args[0] !== 'history') continue;
        for (const line of r.stdout.split('\n')) assert.ok(line.length <= columns, `${args.join(' ')} at ${columns}: ${line}`);
      }
    }
  });
});
