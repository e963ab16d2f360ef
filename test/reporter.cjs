// Mocha's spec reporter, for the failures, with a line of counts that is added up over the suites.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.SIGIL_TEST_STATS) writeFileSync(process.env.SIGIL_TEST_STATS, JSON.stringify({ passes, failures, pending }));
    });
  }
};
