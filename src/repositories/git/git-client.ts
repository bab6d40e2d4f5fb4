import PQueue from 'p-queue';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { GitAccess } from '../domain/git-credentials.js';
import { locateRepository, withoutCredentials } from '../domain/repository-url.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { runProcess, type ProcessOutcome } from '../process.js';
import { classifyFailure } from './classify-failure.js';
import { withAccessFiles, type GitGrant } from './git-access-files.js';
import { GIT_SEARCH_PATH } from './git-search-path.js';

export interface GitClientOptions {
  /** A directory of ours that holds no git configuration. */
  home: string;
  binary?: string;
  /** Where git and its helpers are looked up; our own PATH is not inherited. */
  searchPath?: string;
  networkTimeoutMs?: number;
  localTimeoutMs?: number;
  maxOutputBytes?: number;
  /** git processes at one time that read mirrors, and apart from them those that wait for a server. */
  localConcurrency?: number;
  networkConcurrency?: number;
  /** Only for tests: `file:` lets whoever writes a URL read this machine's repositories. */
  allowFileProtocol?: boolean;
  /** More git configuration, such as `http.proxy` or `http.sslCAInfo`. */
  config?: Readonly<Record<string, string>>;
}

const NOTHING: GitGrant = { config: [], env: {} };

export interface GitCall {
  /** The repository's URL, for messages. */
  url: string;
  gitDir?: string;
  /** Talks to the remote: longer timeout, let in by `access`, or by credentials in `url`. */
  network?: boolean;
  access?: GitAccess;
  input?: string;
  maxOutputBytes?: number;
  /** Instead of the client's own. */
  timeoutMs?: number;
}

/**
 * The git binary, kept away from everything it could pick up on the way: no shell, no inherited environment, no user or
 * system configuration, no hooks, no credential helper, no protocol but HTTP and SSH. Passwords and tokens travel in the
 * environment, keys in files that nobody else may read.
 */
export class GitClient {
  private readonly stopping = new AbortController();

  private readonly local: PQueue;
  private readonly network: PQueue;

  constructor(private readonly options: GitClientOptions) {
    this.local = new PQueue({ concurrency: options.localConcurrency ?? 4 });
    this.network = new PQueue({ concurrency: options.networkConcurrency ?? 16 });
  }

  /** Standard output of one git command. */
  run(args: readonly string[], call: GitCall): Promise<Result<Buffer, ReadFailure>> {
    const queue = call.network ? this.network : this.local;
    return queue.add(() => this.runNow(args, call));
  }

  /** Refuses URLs that git would read as something else than a repository on an HTTP or SSH server. */
  checkUrl(url: string): Result<string, ReadFailure> {
    const location = locateRepository(url);
    const allowed = ['http', 'https', 'ssh', ...(this.options.allowFileProtocol ? ['file'] : [])];
    if (location !== undefined && allowed.includes(location.scheme)) return ok(location.fetchUrl);
    const shown = withoutCredentials(url).slice(0, 200);
    return fail(
      readFailure('GIT_URL_REFUSED', `"${shown}" is not an http, https or ssh URL, the kinds this hub reads`),
    );
  }

  /** Kills what runs and refuses what comes. */
  close(): void {
    this.stopping.abort();
  }

  private runNow(args: readonly string[], call: GitCall): Promise<Result<Buffer, ReadFailure>> {
    if (!call.network) return this.execute(args, call, NOTHING);
    const { scheme = '' } = locateRepository(call.url) ?? {};
    const request = { access: call.access ?? {}, scheme };
    return withAccessFiles(this.options.home, request, (grant) => this.execute(args, call, grant));
  }

  private async execute(args: readonly string[], call: GitCall, grant: GitGrant): Promise<Result<Buffer, ReadFailure>> {
    const { networkTimeoutMs = 120_000, localTimeoutMs = 60_000, maxOutputBytes = 64 << 20 } = this.options;
    const timeoutMs = call.timeoutMs ?? (call.network ? networkTimeoutMs : localTimeoutMs);
    const outcome = await runProcess({
      command: this.options.binary ?? 'git',
      args: call.gitDir === undefined ? args : [`--git-dir=${call.gitDir}`, ...args],
      env: this.environment(call, grant),
      timeoutMs,
      maxOutputBytes: call.maxOutputBytes ?? maxOutputBytes,
      signal: this.stopping.signal,
      ...(call.input === undefined ? {} : { input: call.input }),
    });
    return interpret(outcome, call, { timeoutMs, command: args[0] ?? '' });
  }

  private environment(call: GitCall, grant: GitGrant): Record<string, string> {
    const config = [...this.configuration(call), ...grant.config];
    const entries = config.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]);
    return {
      PATH: this.options.searchPath ?? GIT_SEARCH_PATH,
      HOME: this.options.home,
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ALLOW_PROTOCOL: this.options.allowFileProtocol ? 'http:https:ssh:file' : 'http:https:ssh',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_CONFIG_COUNT: String(config.length),
      ...Object.fromEntries(entries),
      ...grant.env,
    };
  }

  private configuration(call: GitCall): [string, string][] {
    const header = call.network ? authorization(call) : undefined;
    const isKnownBySomething = header !== undefined || call.access?.certificate !== undefined;
    return [
      ['safe.directory', '*'],
      ['core.hooksPath', '/dev/null'],
      ['credential.helper', ''],
      ['gc.autoDetach', 'false'],
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', '30'],
      ...Object.entries(this.options.config ?? {}),
      // git would send the header, and show the certificate, to wherever the first answer redirects.
      ...(!isKnownBySomething ? [] : ([['http.followRedirects', 'false']] as [string, string][])),
      ...(header === undefined ? [] : ([['http.extraHeader', `Authorization: ${header}`]] as [string, string][])),
    ];
  }
}

function authorization({ url, access = {} }: GitCall): string | undefined {
  const location = locateRepository(url);
  if (location?.scheme === 'ssh') return undefined;
  if (access.bearerToken !== undefined) return `Bearer ${access.bearerToken}`;
  const { username = '', password = '' } = access.password === undefined ? (location ?? {}) : access;
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function interpret(
  outcome: ProcessOutcome,
  call: GitCall,
  run: { timeoutMs: number; command: string },
): Result<Buffer, ReadFailure> {
  const shown = withoutCredentials(call.url);
  switch (outcome.kind) {
    case 'exited':
      if (outcome.code === 0) return ok(outcome.stdout);
      return fail(classifyFailure(outcome.stderr, call.url, call.network ? 'GIT_UNREACHABLE' : 'GIT_CORRUPT'));
    case 'timeout':
      return fail(readFailure('GIT_TIMEOUT', `git ${run.command} of ${shown} took longer than ${run.timeoutMs} ms`));
    case 'too-much-output':
      return fail(readFailure('GIT_TOO_LARGE', `git ${run.command} of ${shown} gave more output than is read`));
    case 'aborted':
      return fail(readFailure('GIT_UNREACHABLE', `reading ${shown} was stopped: the hub is shutting down`));
    case 'not-started':
      return fail(readFailure('GIT_UNREACHABLE', `git cannot be started (${outcome.message}): install git`));
  }
}
