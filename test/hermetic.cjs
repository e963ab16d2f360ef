// Before all tests: none reads, and none writes, what the user has set up for himself.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const config = mkdtempSync(join(tmpdir(), 'sigil-config-'));
process.env.XDG_CONFIG_HOME = config;
process.env.XDG_STATE_HOME = config; // what the tests' runs spend is none of his money either
process.once('exit', () => rmSync(config, { recursive: true, force: true }));
