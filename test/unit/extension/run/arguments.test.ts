// The command line of a task, and what `sigil pins` tells.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commandLine, definitionOf } from '../../../../src/extension/run/arguments.ts';
import { innermost, specsOf, type PinAnswer } from '../../../../src/extension/run/pins.ts';

const unset = { optimizer: null, model: null, baseUrl: null, budgetUsd: null, calls: null, evaluations: null, maxMinutes: null, sandbox: 'best' };

describe('the command line of a task', () => {
  it('leaves to sigil.yaml what the user has not set', () => {
    assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse' }, unset), ['run', 'parse', '--sandbox', 'best']);
  });

  it('hands settings on, and what the task says last, so that it wins', () => {
    const args = commandLine({ type: 'sigil', spec: 'parse', arguments: ['--niter', '5'] }, { ...unset, optimizer: 'annealing', evaluations: 40, maxMinutes: 2.5, sandbox: 'required' });
    assert.deepEqual(args, ['run', 'parse', '--optimizer', 'annealing', '--niter', '40', '--time', '2.5m', '--sandbox', 'required', '--niter', '5']);
  });

  it('names a model with its address and what it may cost; the address alone says nothing', () => {
    const args = commandLine({ type: 'sigil', spec: 'parse' }, { ...unset, model: 'openai/x', baseUrl: 'http://127.0.0.1:8080/v1', budgetUsd: 0.5, calls: 8 });
    assert.deepEqual(args, ['run', 'parse', '--model', 'openai/x', '--base-url', 'http://127.0.0.1:8080/v1', '--calls', '8', '--budget-usd', '0.5', '--sandbox', 'best']);
    assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse' }, { ...unset, baseUrl: 'http://127.0.0.1:8080/v1' }), ['run', 'parse', '--sandbox', 'best']);
  });

  it('names an agent as it does a model', () => {
    assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse' }, { ...unset, model: 'agent/claude', budgetUsd: 2 }), ['run', 'parse', '--model', 'agent/claude', '--budget-usd', '2', '--sandbox', 'best']);
  });

  it('names several models, and leaves the setting out where the task names its own', () => {
    const several = { ...unset, model: 'openai/x, anthropic/y=3', baseUrl: 'http://127.0.0.1:8080/v1' };
    assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse' }, { ...several, baseUrl: null }), ['run', 'parse', '--model', 'openai/x', '--model', 'anthropic/y=3', '--sandbox', 'best']);
    for (const own of [['--model', 'ollama/z'], ['--model=ollama/z'], ['-m', 'ollama/z']]) assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse', arguments: own }, several), ['run', 'parse', '--sandbox', 'best', ...own]);
  });

  it('resumes a run with what it was started with', () => {
    assert.deepEqual(commandLine({ type: 'sigil', spec: 'parse', resume: 'r1', arguments: ['--niter', '+20'] }, { ...unset, evaluations: 40 }), ['resume', 'r1', '--niter', '+20']);
  });

  it('takes no task that has no spec, or one that would be read as an option', () => {
    assert.equal(definitionOf({ type: 'sigil' }), null);
    assert.equal(definitionOf({ type: 'sigil', spec: '--source' }), null);
    assert.equal(definitionOf({ type: 'npm', spec: 'a' }), null);
    assert.deepEqual(definitionOf({ type: 'sigil', spec: 'a', project: '', arguments: [1], other: true }), { type: 'sigil', spec: 'a', arguments: ['1'] });
  });
});

describe('the problem matcher', () => {
  interface Manifest { readonly contributes: { readonly problemMatchers: readonly { readonly pattern: { readonly regexp: string } }[] } }
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const matcher = new RegExp(contributes.problemMatchers[0]?.pattern.regexp ?? '');

  it('finds the place of an error in sigil.yaml, with and without colour, and nothing else', () => {
    assert.deepEqual(matcher.exec('sigil: /a b/sigil.yaml:7:5: unknown key "mesure"')?.slice(1), ['/a b/sigil.yaml', '7', '5', 'unknown key "mesure"']);
    assert.deepEqual(matcher.exec('\u001b[31m\u001b[1msigil:\u001b[22m\u001b[39m /p/sigil.yaml:7:5, spec "x", key "a": no')?.slice(1), ['/p/sigil.yaml', '7', '5', 'spec "x", key "a": no']);
    assert.equal(matcher.exec('   3/40  ✗ blocked  x — results: input 1: expected 3:4: 5'), null);
  });
});

describe('what sigil pins tells', () => {
  const pin = (id: string, startLine: number, endLine: number, spec: string, evaluation: PinAnswer['evaluation']): PinAnswer => ({ id, file: 'a.py', symbol: null, range: { startLine, endLine }, spec, evaluation });

  it('is a list of specs by name, each with its pins and where it says how to measure', () => {
    const specs = specsOf({ pins: [pin('a.py#g', 9, 12, 'z', null), pin('a.py#f', 1, 5, 'b', null), pin('a.py#h', 20, 22, 'b', 'mark')] });
    assert.deepEqual(specs.map((s) => [s.spec, s.evaluation, s.pins.length]), [['b', 'mark', 2], ['z', null, 1]]);
  });

  it('means the innermost mark around a line', () => {
    const answer = { pins: [pin('file', 1, 99, 'a', null), pin('outer', 3, 20, 'b', null), pin('inner', 5, 8, 'c', null)] };
    assert.equal(innermost(answer, 6)?.id, 'inner');
    assert.equal(innermost(answer, 9)?.id, 'outer');
    assert.equal(innermost(answer, 100), null);
  });
});
