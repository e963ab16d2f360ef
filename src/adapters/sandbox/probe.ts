// Finds out whether bubblewrap confines on this machine, by running it. That it is installed says nothing: kernels and profiles forbid it often.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bubblewrapArgs } from './bubblewrap.ts';
import { hiddenPlaces, homeFolder, which } from './toolchain.ts';

export type Probe =
  | { readonly ok: true; readonly bwrap: string; readonly version: string }
  /** Why not, in words, and what the user can do about it. */
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

let cached: Promise<Probe> | undefined;

/** The probe of this process's machine, made once: about 15 ms. */
export function probeBubblewrap(): Promise<Probe> {
  return (cached ??= probe(process.env['PATH'] ?? ''));
}

/** Tries what it promises: that the system cannot be written, that files in the temporary folder are hidden, that only the loopback device is there. */
const CHECK = [
  'test -w /etc && echo "the system can be written"', 'test -e "$SIGIL_PROBE" && echo "the temporary folder is not hidden"',
  '[ "$(grep -c : /proc/net/dev)" -le 1 ] || echo "the network is there"', 'test -w . && echo "the checkout can be written"', 'echo checked',
].join('\n');

export async function probe(path: string): Promise<Probe> {
  if (process.platform !== 'linux') {
    const system = process.platform === 'darwin' ? 'macOS' : process.platform;
    return { ok: false, reason: `bubblewrap is for Linux; on ${system} evaluations run unconfined`, remedy: 'Run Sigil in a Linux container or virtual machine to confine evaluations.' };
  }
  const bwrap = which('bwrap', `${path}:/usr/bin:/usr/local/bin:/bin`);
  if (bwrap === null) return { ok: false, reason: 'bubblewrap is not installed', remedy: `Install it: ${installCommand()}` };
  const folder = mkdtempSync(join(tmpdir(), 'sigil-probe-'));
  try {
    const witness = join(folder, 'witness');
    writeFileSync(witness, '');
    const limits = { wallMs: 1, cpuSeconds: 1, memoryMb: 512, fileSizeMb: 1, processes: 1, outputBytes: 1 };
    const args = bubblewrapArgs({ bwrap, hidden: hiddenPlaces(homeFolder(), tmpdir()), tools: [] }, {
      root: folder, mountAt: '/tmp/sigil-probe', cwd: '', writable: [], readonly: [], hidden: [], network: false, limits,
    });
    // The status descriptor has no reader here.
    args.splice(args.indexOf('--json-status-fd'), 2);
    const { code, stdout, stderr } = await run(bwrap, [...args, '/bin/sh', '-c', CHECK], { PATH: '/usr/local/bin:/usr/bin:/bin', SIGIL_PROBE: witness });
    const said = stdout.trim().split('\n');
    if (code === 0 && stdout.trim() === 'checked') {
      const version = (await run(bwrap, ['--version'], {})).stdout.trim().replace(/^bubblewrap /, '');
      return { ok: true, bwrap, version };
    }
    if (said.includes('checked')) return { ok: false, reason: `bubblewrap runs but does not confine: ${said.slice(0, -1).join(', ')}`, remedy: 'Report this with the output of `sigil doctor --json`.' };
    return explain(stderr.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Turns what bubblewrap says into a reason and a remedy. */
export function explain(stderr: string, read: (file: string) => string = setting): { readonly ok: false; readonly reason: string; readonly remedy: string } {
  const said = stderr.split('\n')[0] ?? '';
  if (/unknown option.*disable-userns/i.test(stderr)) return { ok: false, reason: 'bubblewrap is older than 0.8.0', remedy: `Install 0.8.0 or later: ${installCommand()} on a newer release, or from its sources.` };
  if (read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return {
      ok: false, reason: `AppArmor forbids bubblewrap its namespaces (Ubuntu 23.10 and later): ${said}`,
      remedy: 'Load the profile that allows it: sudo apt-get install -y apparmor-profiles && sudo ln -sf /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict',
    };
  if (read('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return { ok: false, reason: `this kernel forbids user namespaces to ordinary users: ${said}`, remedy: 'Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1' };
  if (read('/proc/sys/user/max_user_namespaces') === '0')
    return { ok: false, reason: `this kernel allows no user namespaces: ${said}`, remedy: 'Allow them: sudo sysctl -w user.max_user_namespaces=10000' };
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv'))
    return { ok: false, reason: `this container forbids namespaces: ${said}`, remedy: 'Start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or confine the container itself.' };
  return { ok: false, reason: `bubblewrap does not run: ${said === '' ? 'it says nothing' : said}`, remedy: 'Try `bwrap --unshare-user --ro-bind / / true` in a terminal; its message says what is forbidden.' };
}

function setting(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The exact command of this distribution. */
export function installCommand(release: string = setting('/etc/os-release')): string {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((m) => (m[1] ?? '').split(' '));
  const has = (...names: string[]): boolean => names.some((name) => ids.includes(name));
  if (has('debian', 'ubuntu')) return 'sudo apt-get install -y bubblewrap';
  if (has('fedora', 'rhel', 'centos')) return 'sudo dnf install -y bubblewrap';
  if (has('arch')) return 'sudo pacman -S --noconfirm bubblewrap';
  if (has('alpine')) return 'sudo apk add bubblewrap';
  if (has('suse', 'opensuse')) return 'sudo zypper install -y bubblewrap';
  return 'the package `bubblewrap` of your distribution';
}

function run(file: string, args: readonly string[], env: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { env, timeout: 10_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
    });
    child.stdin?.end();
  });
}
