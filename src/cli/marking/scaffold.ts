// Files that a measurement needs and the user completes: inputs for a call eval, or a small benchmark. What cannot be guessed
// fails with a word on what to fill in, so that nobody measures a placeholder.

import { basename, dirname } from 'node:path/posix';
import type { Pin } from '../../core/pin.ts';
import { guessArgument } from './guess.ts';
import { parametersOf, type Parameter } from './signature.ts';

export interface Scaffold {
  readonly file: string;
  readonly text: string;
  /** Whether it measures nothing until somebody has filled it in. */
  readonly unfinished: boolean;
}

/** A pin's name as part of a file name or identifier. */
export function nameOf(pin: Pin): string {
  return (pin.symbol ?? basename(pin.file).replace(/\.[^.]*$/, '')).replace(/[^\w]+/g, '_').replace(/^_+|_+$/g, '') || 'code';
}

interface Argument {
  readonly parameter: Parameter;
  readonly code: string;
}

/** The inputs of a call eval in the language of the pin, with a generator `make(seed)`. */
export function inputsScaffold(pin: Pin): Scaffold {
  return pin.language === 'python' ? pythonInputs(pin) : scriptInputs(pin);
}

function pythonInputs(pin: Pin): Scaffold {
  const file = `bench/inputs_${nameOf(pin)}.py`;
  const signature = pin.signature ?? nameOf(pin);
  const receiver = /\(\s*self\b/.test(signature);
  const all = parametersOf(signature, 'python');
  const fill = (what: string): string => `fill_in(${JSON.stringify(what)})`;
  const given = (all ?? []).filter((p) => !p.optional).map((parameter): Argument => ({ parameter, code: guessArgument(parameter, 'python') ?? fill(parameter.name) }));
  const positional = given.filter((a) => !a.parameter.keyword).map((a) => `            ${a.code},  # ${a.parameter.name}${a.parameter.type === '' ? '' : `: ${a.parameter.type}`}`);
  if (all === null) positional.push(`            ${fill('the arguments')},`);
  const named = given.filter((a) => a.parameter.keyword).map((a) => `            ${JSON.stringify(a.parameter.name)}: ${a.code},`);
  const list = `[${positional.length === 0 ? '' : `\n${positional.join('\n')}\n        `}]`;
  const parts = [`"args": ${list}`, ...(named.length === 0 ? [] : [`"kwargs": {\n${named.join('\n')}\n        }`]), ...(receiver ? [`"this": ${fill(`the object that ${pin.symbol ?? 'it'} is called on`)}`] : [])];
  const call = parts.length === 1 ? list : `{${parts.join(', ')}}`;
  const uses = (word: string): boolean => call.includes(`${word}(`);
  const rolls = call.includes('rng');
  const helpers = [
    ...(uses('word') || uses('text') ? ['def word(rng):\n    return "".join(rng.choice("abcdefghij") for _ in range(6))\n\n\n'] : []),
    ...(uses('text') ? ['def text(rng, size):\n    return " ".join(word(rng) for _ in range(size))\n\n\n'] : []),
    ...(uses('fill_in') ? [`def fill_in(what):\n    raise NotImplementedError("fill in %s, in ${file}" % what)\n\n\n`] : []),
  ];
  return {
    file, unfinished: uses('fill_in'),
    text: `"""Inputs for ${pin.symbol ?? pin.id}: Sigil times it on them, and its results for them must stay what they are.

FILL IN: make them what your program really sees, some small and odd ones among them. One call each.
    ${signature}
"""
${rolls ? 'import random\n\n\n' : '\n'}${helpers.join('')}def make(seed):
${rolls ? '    rng = random.Random(seed)\n' : ''}    calls = []
    for size in (1, 10, 100, 300, 400, 500, 600, 700):
        calls.append(${call})
    return calls
`,
  };
}

function scriptInputs(pin: Pin): Scaffold {
  const typed = pin.language !== 'javascript';
  const file = `bench/inputs-${nameOf(pin)}.${typed ? 'ts' : 'mjs'}`;
  const t = (annotation: string): string => (typed ? annotation : '');
  const signature = pin.signature ?? nameOf(pin);
  const receiver = pin.symbol?.includes('.') === true && !/\bstatic\b/.test(signature);
  const all = parametersOf(signature, 'javascript');
  const fill = (what: string): string => `fillIn(${JSON.stringify(what)})`;
  const args = (all ?? []).filter((p) => !p.optional).map((p) => `      ${guessArgument(p, 'javascript') ?? fill(p.name)}, // ${p.name}${p.type === '' ? '' : `: ${p.type}`}`);
  if (all === null) args.push(`      ${fill('the arguments')},`);
  const list = `[${args.length === 0 ? '' : `\n${args.join('\n')}\n    `}]`;
  const call = receiver ? `{ args: ${list}, this: ${fill(`the object that ${pin.symbol} is called on`)} }` : list;
  const uses = (word: string): boolean => call.includes(`${word}(`);
  const rolls = call.includes('roll');
  const helpers = [
    ...(rolls ? [`/** Whole numbers below n, the same for the same seed. */
function dice(seed${t(': number')})${t(': (n: number) => number')} {
  let state = (seed >>> 0) + 1;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}
`] : []),
    ...(uses('word') || uses('text') ? [`function word(roll${t(': (n: number) => number')})${t(': string')} {
  return Array.from({ length: 6 }, () => 'abcdefghij'.charAt(roll(10))).join('');
}
`] : []),
    ...(uses('text') ? [`function text(roll${t(': (n: number) => number')}, size${t(': number')})${t(': string')} {
  return Array.from({ length: size }, () => word(roll)).join(' ');
}
`] : []),
    ...(uses('fillIn') ? [`function fillIn(what${t(': string')})${t(': never')} {
  throw new Error(\`fill in \${what}, in ${file}\`);
}
`] : []),
  ];
  return {
    file, unfinished: uses('fillIn'),
    text: `// Inputs for ${pin.symbol ?? pin.id}: Sigil times it on them, and its results for them must stay what they are.
// FILL IN: make them what your program really sees, some small and odd ones among them. One call each.
//   ${signature}

${helpers.map((h) => `${h}\n`).join('')}export function make(${rolls ? 'seed' : '_seed'}${t(': number')})${t(': unknown[]')} {
${rolls ? '  const roll = dice(seed);\n' : ''}  const calls${t(': unknown[]')} = [];
  for (const ${call.includes('size') ? 'size' : '_'} of [1, 10, 100, 300, 400, 500, 600, 700]) {
    calls.push(${call});
  }
  return calls;
}
`,
  };
}

/** A benchmark and the commands that build and run it; null for languages without one. */
export interface Benchmark extends Scaffold {
  readonly build: string | null;
  readonly outputs: readonly string[];
  readonly measure: string;
  readonly metric: { readonly name: string; readonly unit: string; readonly regex?: string };
}

export const GO_METRIC = { name: 'ns_per_op', unit: 'ns', regex: String.raw`^Benchmark\S*\s+\d+\s+([\d.]+) ns/op` };

/** @param crate the Rust library that holds the function */
export function benchmarkScaffold(pin: Pin, text: string, crate: string | null): Benchmark | null {
  const name = nameOf(pin);
  const signature = pin.signature ?? name;
  const ms = { name: 'time_ms', unit: 'ms' };
  const folder = dirname(pin.file) === '.' ? '' : dirname(pin.file);
  switch (pin.language) {
    case 'c': case 'cpp': {
      const cpp = pin.language === 'cpp';
      const file = `bench/${name}_bench.${cpp ? 'cpp' : 'c'}`;
      return {
        file, unfinished: true, outputs: ['build'], metric: ms, measure: `build/${name}_bench`,
        build: `mkdir -p build && ${cpp ? 'c++ -std=c++17' : 'cc'} -O2 -o build/${name}_bench ${file}${cpp ? '' : ' -lm'}`,
        text: `/* Times ${pin.symbol ?? pin.id}: prints the least CPU time of nine passes.\n   ${signature} */\n#include <stdio.h>\n#include <time.h>\n#include "../${pin.file}"\n\n/* Keeps results alive: the compiler may not drop the calls. */\nstatic volatile double sink;\n\nstatic void pass(void) {\n#error "FILL IN bench/${basename(file)}: call ${name} on typical arguments, often enough for some milliseconds, and keep its result in sink; then remove this line"\n}\n\nint main(void) {\n  double best = 1e30;\n  for (int i = 0; i < 9; i++) {\n    const clock_t begin = clock();\n    pass();\n    const double ms = 1e3 * (double)(clock() - begin) / CLOCKS_PER_SEC;\n    if (ms < best) best = ms;\n  }\n  printf("time_ms: %.4f\\n", best);\n  return 0;\n}\n`,
      };
    }
    case 'go': {
      const go = /^package (\w+)/m.exec(text)?.[1] ?? 'main';
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      return {
        file: folder === '' ? `sigil_${name}_test.go` : `${folder}/sigil_${name}_test.go`, unfinished: true, ...goCommands(folder, `BenchmarkSigil${title}`),
        text: `package ${go}\n\nimport "testing"\n\n// ${signature}\nfunc BenchmarkSigil${title}(b *testing.B) {\n\tb.Fatal("fill in: call ${name} on typical arguments in the loop, then remove this line")\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n`,
      };
    }
    case 'rust':
      if (crate === null) return null;
      return {
        file: `examples/sigil_bench_${name}.rs`, unfinished: true, outputs: ['target'], metric: ms,
        build: `cargo build --release --offline --quiet --example sigil_bench_${name}`, measure: `target/release/examples/sigil_bench_${name}`,
        text: `// Times ${pin.symbol ?? pin.id}: prints the least time of nine passes.\n// ${signature}\n\nuse std::hint::black_box;\nuse std::time::Instant;\n\nfn pass() {\n    // FILL IN: call it on typical arguments, often enough for some milliseconds: black_box(${crate}::${name}(…));\n    black_box(todo!("fill in examples/sigil_bench_${name}.rs"))\n}\n\nfn main() {\n    let mut best = f64::INFINITY;\n    for _ in 0..9 {\n        let begin = Instant::now();\n        pass();\n        best = best.min(begin.elapsed().as_secs_f64() * 1e3);\n    }\n    println!("time_ms: {best:.4}");\n}\n`,
      };
    case 'java': {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Bench`;
      const within = /^\s*package ([\w.]+)\s*;/m.exec(text)?.[1];
      const sources = within === undefined ? (folder === '' ? '.' : folder) : folder.slice(0, Math.max(0, folder.length - within.length - 1)) || '.';
      return {
        file: `bench/${type}.java`, unfinished: true, outputs: ['build'], metric: ms,
        build: `mkdir -p build && javac -d build -sourcepath ${sources} bench/${type}.java`, measure: `java -cp build ${type}`,
        text: `${within === undefined ? '' : `import ${within}.*;\n\n`}/** Times ${pin.symbol ?? pin.id}: prints the least time of nine passes. ${signature} */\npublic class ${type} {\n    static Object sink;\n\n    static void pass() {\n        // FILL IN: call it on typical arguments, often enough for some milliseconds, and keep its result in sink.\n        throw new UnsupportedOperationException("fill in bench/${type}.java");\n    }\n\n    public static void main(String[] args) {\n        double best = Double.POSITIVE_INFINITY;\n        for (int i = 0; i < 9; i++) {\n            long begin = System.nanoTime();\n            pass();\n            best = Math.min(best, (System.nanoTime() - begin) / 1e6);\n        }\n        System.out.println("time_ms: " + best);\n    }\n}\n`,
      };
    }
    case 'python': case 'javascript': case 'typescript': case 'tsx': case null: return null;
  }
}

/** A Go benchmark is compiled once a solution: `go test` would build it in each evaluation. */
export function goCommands(folder: string, bench: string): Pick<Benchmark, 'build' | 'outputs' | 'measure' | 'metric'> {
  const up = folder === '' ? '' : `${folder.split('/').map(() => '..').join('/')}/`;
  const at = folder === '' ? '' : `cd ${folder} && `;
  return { build: `mkdir -p build && go test -c -o build/bench.test ./${folder}`.replace(/\/$/, ''), outputs: ['build'], measure: `${at}${up === '' ? './' : up}build/bench.test -test.run '^$' -test.bench '^${bench}$'`, metric: GO_METRIC };
}
