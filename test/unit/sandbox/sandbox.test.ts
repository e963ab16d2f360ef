// The parts of the sandbox that are decided without a process: reports, captures, tool folders, environments, remedies, levels.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { Capture } from '../../../src/adapters/sandbox/capture.ts';
import { evaluationEnvironment } from '../../../src/adapters/sandbox/environment.ts';
import { chooseLevel } from '../../../src/adapters/sandbox/level.ts';
import { readMeter } from '../../../src/adapters/sandbox/meter.ts';
import { explain, installCommand, probe } from '../../../src/adapters/sandbox/probe.ts';
import { hiddenPlaces, toolchain } from '../../../src/adapters/sandbox/toolchain.ts';

describe('sandbox parts', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sigil-test-')));
  after(() => { rmSync(root, { recursive: true }); });

  const program = (...path: string[]): string => {
    const file = join(root, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '', { mode: 0o755 });
    return file;
  };

  it('reads the wrapper’s report, and nothing from a forged one', () => {
    assert.deepEqual(readMeter('cpu 0.123 1.004\nrest 2 3 4\n'), { cpuMs: 1127 + 70, left: 2 });
    assert.deepEqual(readMeter('sigil: line 9: 7 Segmentation fault "$@"\ncpu 0,010 0,000\n'), { cpuMs: 10, left: null });
    assert.deepEqual(readMeter('cpu 0.001 0.000\ncpu 9.000 0.000\n'), { cpuMs: null, left: null });
    assert.deepEqual(readMeter('rest 0 0 0\nrest 5 0 0\n'), { cpuMs: null, left: null });
    assert.deepEqual(readMeter('rest -1 0 0\n'), { cpuMs: null, left: 0 });
    assert.deepEqual(readMeter('cpu NaN 0\n'), { cpuMs: null, left: null });
  });

  it('keeps all of a short output, and head and tail of a long one, however it is cut', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 700_000 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const all = Buffer.from(Array.from({ length: sizes.reduce((a, b) => a + b) }, (_, i) => 97 + (i % 26)));
      const capture = new Capture();
      let at = 0;
      for (const size of sizes) capture.add(all.subarray(at, (at += size)));
      const text = all.toString();
      const keep = 1 << 20;
      assert.equal(capture.truncated, text.length > 2 * keep);
      const expected = text.length <= 2 * keep ? text : `${text.slice(0, keep)}\n[${text.length - 2 * keep} bytes left out]\n${text.slice(-keep)}`;
      assert.ok(capture.text() === expected);
    }), { numRuns: 15 });
  });

  it('shows tools of the home folder, without what lies beside them', () => {
    const home = join(root, 'home');
    program('home/.cargo/bin/cargo');
    program('home/.cargo/credentials.toml');
    program('home/.local/bin/tool');
    program('home/.local/share/keyrings/login');
    program('home/bin/mine');
    program('home/miniconda3/bin/python3');
    program('home/apps/node-22/bin/node');
    symlinkSync(join(home, 'apps/node-22/bin/node'), join(home, 'bin/node'));
    program('elsewhere/bin/python');
    const path = [join(home, '.cargo/bin'), join(home, '.local/bin'), join(home, 'bin'), join(home, 'miniconda3/bin'), '/usr/bin', 'relative', join(home, 'gone')].join(':');
    assert.deepEqual(toolchain(path, home, [home], []).sort(), ['.cargo/bin', '.local/bin', 'apps/node-22', 'bin', 'miniconda3'].map((p) => join(home, p)));
    // What is not hidden needs no showing; an interpreter elsewhere in a hidden place brings its installation.
    assert.deepEqual(toolchain('/usr/bin', join(root, 'nobody'), [root], [join(root, 'elsewhere/bin/python')]), [join(root, 'elsewhere')]);
    assert.deepEqual(toolchain(join(home, 'miniconda3/bin'), home, ['/run'], []), []);
  });

  it('never shows a hidden place or the home folder whole', () => {
    const home = join(root, 'bare');
    program('bare/bin/python3');
    program('bare/python');
    assert.deepEqual(toolchain(`${home}:${join(home, 'bin')}`, home, [root], [join(home, 'python')]), [join(home, 'bin')]);
    const places = hiddenPlaces(home, tmpdir());
    assert.ok(places.includes('/tmp') && places.every((p, i) => places.every((q, j) => i === j || !p.startsWith(`${q}/`))));
  });

  it('passes on what is allowed and named, and no credentials', async () => {
    const project = join(root, 'project');
    program('project/node_modules/.bin/tool');
    program('project/.venv/pyvenv.cfg');
    program('project/.venv/bin/python');
    const from = {
      HOME: join(root, 'home'), PATH: '/usr/bin:.::/bin', OPENAI_API_KEY: 'k', AWS_PROFILE: 'p', GITHUB_TOKEN: 't', SSH_AUTH_SOCK: 's', NODE_OPTIONS: '--x', LD_PRELOAD: 'x', BASH_ENV: 'x',
      DATA_DIR: '/data', DB_PASSWORD: 'p', MONKEY: 'm', JAVA_HOME: '/java',
    };
    const { env, credentials, programs } = await evaluationEnvironment(project, ['DATA_DIR', 'DB_PASSWORD', 'GITHUB_TOKEN', 'MONKEY', 'ABSENT'], from);
    assert.deepEqual(env, {
      LANG: 'C.UTF-8', PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1', CARGO_HOME: join(root, 'home/.cargo'), PYTHONUSERBASE: join(root, 'home/.local'), JAVA_HOME: '/java', DATA_DIR: '/data',
      MONKEY: 'm', DB_PASSWORD: 'p', GITHUB_TOKEN: 't', VIRTUAL_ENV: join(project, '.venv'), PATH: `${project}/node_modules/.bin:${project}/.venv/bin:/usr/bin:/bin`,
    });
    assert.deepEqual(credentials, ['DB_PASSWORD', 'GITHUB_TOKEN']);
    assert.deepEqual(programs, [join(project, '.venv/bin/python')]);
    const outside = await evaluationEnvironment(join(root, 'home'), [], { PATH: '/usr/bin', VIRTUAL_ENV: join(project, '.venv') });
    assert.equal(outside.env['VIRTUAL_ENV'], undefined);
  });

  it('names the remedy for each way that bubblewrap fails', async () => {
    const settings = (file: string, value: string) => (asked: string): string => (asked === file ? value : '');
    assert.match(explain('bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted', settings('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1')).remedy, /bwrap-userns-restrict/);
    assert.match(explain('bwrap: No permissions to create new namespace', settings('/proc/sys/kernel/unprivileged_userns_clone', '0')).remedy, /unprivileged_userns_clone=1/);
    assert.match(explain('bwrap: x', settings('/proc/sys/user/max_user_namespaces', '0')).remedy, /max_user_namespaces/);
    assert.match(explain('bwrap: Unknown option --disable-userns', () => '').reason, /0\.8\.0/);
    assert.match(explain('', () => '').reason, /does not run|container/);
    assert.equal(installCommand('ID=ubuntu\nID_LIKE=debian'), 'sudo apt-get install -y bubblewrap');
    assert.equal(installCommand('ID="rocky"\nID_LIKE="rhel centos fedora"'), 'sudo dnf install -y bubblewrap');
    if (process.platform === 'linux') {
      // A bubblewrap that does nothing, and one that runs the command unconfined.
      const fake = program('fake/bwrap');
      writeFileSync(fake, '#!/bin/sh\necho "bwrap: broken" >&2; exit 1\n', { mode: 0o755 });
      const broken = await probe(join(root, 'fake'));
      assert.ok(!broken.ok && broken.reason.includes('bwrap: broken'));
      writeFileSync(fake, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n', { mode: 0o755 });
      const open = await probe(join(root, 'fake'));
      assert.ok(!open.ok && open.reason.includes('does not confine'), JSON.stringify(open));
    }
  });

  it('chooses the level', async () => {
    const yes = () => Promise.resolve({ ok: true, bwrap: '/bwrap', version: '0.8.0' } as const);
    const no = () => Promise.resolve({ ok: false, reason: 'it is not there', remedy: 'Install it.' } as const);
    assert.deepEqual(await chooseLevel('best', yes), { level: 'bubblewrap', bwrap: '/bwrap', note: null });
    assert.equal((await chooseLevel('required', yes)).level, 'bubblewrap');
    assert.equal((await chooseLevel('none', yes)).level, 'process-group');
    const best = await chooseLevel('best', no);
    assert.equal(best.level, 'process-group');
    assert.match(best.note ?? '', /can read your files.*it is not there.*Install it/);
    await assert.rejects(chooseLevel('required', no), (e) => e instanceof UserError && e.message.includes('not there') && e.remedy === 'Install it.');
  });
});
