// Checks the corpus: each module loads, has one pin, gives the same JSON-comparable results twice, and how long one pass takes.
// Usage: node bench/corpus/check.mjs [name…]

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const EXTENSION = { python: 'py', javascript: 'js', typescript: 'ts' };
const MIN_INPUTS = 8;
const PASSES = 3;
const SEED = 1;

const PYTHON = `
import copy, importlib.util, json, sys, time
root, entries, passes, seed = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
sys.dont_write_bytecode = True

def load(name, file):
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

for e in entries:
    out = {"name": e["name"]}
    try:
        folder = root + "/" + e["name"]
        fn = getattr(load(e["name"], folder + "/" + e["name"] + ".py"), e["function"])
        make = load(e["name"] + "_inputs", folder + "/inputs.py").make
        inputs = make(seed)
        out["inputs"] = len(inputs)
        out["same_inputs"] = json.dumps(inputs) == json.dumps(make(seed))
        out["varies"] = json.dumps(inputs) != json.dumps(make(seed + 1))
        texts, times = [], []
        for _ in range(passes):
            args = copy.deepcopy(inputs)
            start = time.process_time()
            results = []
            for a in args:
                try:
                    results.append({"ok": fn(*a)})
                except Exception as error:
                    results.append({"error": type(error).__name__})
            times.append((time.process_time() - start) * 1000)
            text = json.dumps(results, allow_nan=False)
            if json.loads(text) != results:
                raise ValueError("results change when written as JSON")
            texts.append(text)
            out["mutates"] = args != inputs
        out["same_results"] = len(set(texts)) == 1
        out["errors"] = sum(1 for r in results if "error" in r)
        out["ms"] = min(times)
    except Exception as error:
        out["failed"] = repr(error)
    print(json.dumps(out), flush=True)
`;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const wanted = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const all = JSON.parse(fs.readFileSync(path.join(here, 'corpus.json'), 'utf8'));
const entries = wanted.length === 0 ? all : all.filter((e) => wanted.includes(e.name));
if (entries.length === 0) fail(`no such function; there are ${all.map((e) => e.name).join(', ')}`);

// TypeScript needs Node's own type stripping, or tsx from this project.
if (!process.features.typescript && !process.env.SIGIL_CORPUS_TSX) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const run = spawnSync(process.execPath, ['--import', tsx, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, SIGIL_CORPUS_TSX: '1' } });
  process.exit(run.status ?? 1);
}

function staticProblems(entry) {
  const file = path.join(here, entry.name, `${entry.name}.${EXTENSION[entry.language]}`);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const marks = lines.flatMap((l, i) => (/^(#|\/\/) sigil: improve$/.test(l) ? [i] : []));
  if (marks.length !== 1) return [`${marks.length} marks`];
  const problems = [];
  if (!new RegExp(`\\b${entry.function}\\b`).test(lines[marks[0] + 1])) problems.push('the mark is not above the function');
  const yaml = fs.readFileSync(path.join(here, entry.name, 'sigil.yaml'), 'utf8');
  if (!yaml.includes(`${path.basename(file)}#${entry.function}]`)) problems.push('sigil.yaml pins something else');
  return problems;
}

async function checkNode(entry) {
  const out = { name: entry.name };
  try {
    const folder = path.join(here, entry.name);
    const load = async (file) => {
      const m = await import(pathToFileURL(path.join(folder, file)).href);
      return { ...m.default, ...m };
    };
    const fn = (await load(`${entry.name}.${EXTENSION[entry.language]}`))[entry.function];
    const { make } = await load('inputs.js');
    const inputs = make(SEED);
    out.inputs = inputs.length;
    out.same_inputs = JSON.stringify(inputs) === JSON.stringify(make(SEED));
    out.varies = JSON.stringify(inputs) !== JSON.stringify(make(SEED + 1));
    const texts = new Set();
    const times = [];
    let results = [];
    for (let pass = 0; pass < PASSES; pass++) {
      const args = structuredClone(inputs);
      results = [];
      const start = process.cpuUsage();
      for (const a of args) {
        try {
          results.push({ ok: fn(...a) });
        } catch (error) {
          results.push({ error: error.name });
        }
      }
      const used = process.cpuUsage(start);
      times.push((used.user + used.system) / 1000);
      const text = JSON.stringify(results);
      if (!sameValue(JSON.parse(text), results)) throw new Error('results change when written as JSON');
      texts.add(text);
      out.mutates = !sameValue(args, inputs);
    }
    out.same_results = texts.size === 1;
    out.errors = results.filter((r) => r.error).length;
    out.ms = Math.min(...times);
  } catch (error) {
    out.failed = String(error);
  }
  return out;
}

function sameValue(a, b) {
  if (Object.is(a, b)) return true;
  if (a === 0 && b === 0) return true; // JSON has no -0
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(b) !== Object.prototype && !Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && sameValue(a[k], b[k]));
}

const results = [];
const python = entries.filter((e) => e.language === 'python');
if (python.length > 0) {
  const run = spawnSync('python3', ['-I', '-c', PYTHON, here, JSON.stringify(python), String(PASSES), String(SEED)], { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  if (run.error) fail(`python3 did not start: ${run.error.message}`);
  process.stderr.write(run.stderr);
  results.push(...run.stdout.trim().split('\n').map((l) => JSON.parse(l)));
}
for (const entry of entries) if (entry.language !== 'python') results.push(await checkNode(entry));

let bad = 0;
for (const entry of entries) {
  const r = results.find((x) => x.name === entry.name) ?? { failed: 'no result' };
  const problems = staticProblems(entry);
  if (r.failed) problems.push(r.failed);
  else {
    if (r.inputs < MIN_INPUTS) problems.push(`only ${r.inputs} inputs`);
    if (!r.same_inputs) problems.push('inputs differ for one seed');
    if (!r.varies) problems.push('inputs do not depend on the seed');
    if (!r.same_results) problems.push('results differ between runs');
  }
  if (problems.length > 0) bad++;
  const ms = r.ms === undefined ? '' : r.ms.toFixed(1);
  console.log(`${entry.name.padEnd(20)} ${entry.language.padEnd(10)} ${String(r.inputs ?? '').padStart(3)} inputs ${ms.padStart(7)} ms${r.errors ? `  ${r.errors} raise` : ''}${r.mutates ? '  changes its arguments' : ''}${problems.length > 0 ? `  FAILED: ${problems.join('; ')}` : ''}`);
}
console.log(bad === 0 ? `${entries.length} functions, all fine` : `${bad} of ${entries.length} functions failed`);
process.exitCode = bad === 0 ? 0 : 1;
