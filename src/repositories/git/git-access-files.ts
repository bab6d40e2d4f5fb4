import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitAccess } from '../domain/git-credentials.js';

/** What lets one git command in, beside its arguments. */
export interface GitGrant {
  config: [string, string][];
  env: Record<string, string>;
}

const PREFIX = 'access-';
/** No command runs for longer. */
const ABANDONED_MS = 3_600_000;

/**
 * Runs a command while what git can take only as files, keys and certificates, lies in a folder of its own, readable by
 * nobody else and gone when the command ends. `home` is shared by processes: what a killed one left is removed by age.
 */
export async function withAccessFiles<T>(
  home: string,
  request: { access: GitAccess; scheme: string },
  run: (grant: GitGrant) => Promise<T>,
): Promise<T> {
  const files = filesOf(request);
  if (files.size === 0) return run(grantOf(request, ''));
  await removeAbandoned(home);
  const folder = await mkdtemp(join(home, PREFIX));
  try {
    for (const [name, text] of files) await writeFile(join(folder, name), text, { mode: 0o600 });
    if (request.scheme === 'ssh') {
      await writeFile(join(folder, 'config'), sshConfig(folder, request.access), { mode: 0o600 });
    }
    return await run(grantOf(request, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filesOf({ access, scheme }: { access: GitAccess; scheme: string }): ReadonlyMap<string, string> {
  const files: [string, string | undefined][] =
    scheme === 'ssh'
      ? [
          ['key', access.sshPrivateKey],
          ['known_hosts', access.knownHosts ?? ''],
        ]
      : [
          ['authorities', access.authorities],
          ['certificate', access.certificate],
          ['key', access.key],
        ];
  return new Map(files.filter((file): file is [string, string] => file[1] !== undefined));
}

function grantOf({ access, scheme }: { access: GitAccess; scheme: string }, folder: string): GitGrant {
  // git runs this by a shell: one word of ours, quoted, and no value of anybody's.
  if (scheme === 'ssh')
    return { config: [], env: { GIT_SSH_COMMAND: `ssh -F ${shellQuoted(join(folder, 'config'))}` } };
  const { authorities, certificate, insecure = false, proxy, noProxy } = access;
  const config: [string, string | undefined][] = [
    ['http.sslCAInfo', authorities && join(folder, 'authorities')],
    ['http.sslCert', certificate && join(folder, 'certificate')],
    ['http.sslKey', certificate && join(folder, 'key')],
    ['http.sslVerify', insecure ? 'false' : undefined],
    ['http.proxy', proxy],
  ];
  return {
    config: config.filter((entry): entry is [string, string] => entry[1] !== undefined),
    env: noProxy === undefined ? {} : { no_proxy: noProxy, NO_PROXY: noProxy },
  };
}

/** Nothing of the machine's own SSH counts: no agent, no configuration, no known hosts, no other key. */
function sshConfig(folder: string, { sshPrivateKey, insecureIgnoreHostKey = false }: GitAccess): string {
  const options: Record<string, string> = {
    IdentityFile: sshPrivateKey === undefined ? 'none' : sshQuoted(join(folder, 'key')),
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    UserKnownHostsFile: insecureIgnoreHostKey ? '/dev/null' : sshQuoted(join(folder, 'known_hosts')),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: insecureIgnoreHostKey ? 'no' : 'yes',
    UpdateHostKeys: 'no',
    BatchMode: 'yes',
    PreferredAuthentications: 'publickey',
    ProxyCommand: 'none',
    ControlPath: 'none',
    PermitLocalCommand: 'no',
    ClearAllForwardings: 'yes',
    CanonicalizeHostname: 'no',
    ConnectTimeout: '30',
    ServerAliveInterval: '15',
    ServerAliveCountMax: '4',
    LogLevel: 'ERROR',
  };
  const lines = Object.entries(options).map(([name, value]) => `  ${name} ${value}`);
  return ['Host *', ...lines, ''].join('\n');
}

async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(PREFIX)) continue;
    const found = await stat(join(home, name)).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < ABANDONED_MS) continue;
    await rm(join(home, name), { recursive: true, force: true });
  }
}

function shellQuoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

/** ssh replaces tokens that begin with a percent sign. */
function sshQuoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
