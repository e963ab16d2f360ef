// What runs the code and what it is called with, in words.

import assert from 'node:assert/strict';
import { aboutText } from '../../../src/adapters/call/about.ts';

describe('what a function is called with', () => {
  it('is told argument by argument, with types, lengths and ranges', () => {
    assert.equal(
      aboutText({ runtime: 'Python 3.11.2', arguments: [{ name: '', types: ['list'], of: ['str'], size: [10, 5000] }, { name: '', types: ['int'], range: [3, 3] }, { name: 'limit', types: ['NoneType', 'int'] }] }, 40),
      'It runs on Python 3.11.2. Of 40 inputs the arguments are: 1. list of str, length 10 to 5000; 2. int, 3; limit=NoneType or int.',
    );
    assert.equal(aboutText({ runtime: 'Node 22.15.0', arguments: [] }, 1), 'It runs on Node 22.15.0. There is 1 input, without arguments.');
  });
});
