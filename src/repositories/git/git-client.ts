import PQueue from 'p-queue';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { GitCredentials } from '../domain/git-credentials.js';
import { locateRepository, withoutCredentials } from '../domain/repository-url.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { runProcess, type ProcessOutcome } from '../process.js';
import { classifyFailure } from './classify-failure.js';
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

export interface GitCall {
  /** The repository's URL, for messages. */
  url: string;
  gitDir?: string;
  /** Talks to the remote: longer timeout, credentials from `url` or these. */
  network?: boolean;
  credentials?: GitCredentials;
  input?: string;
  maxOutputBytes?: number;
}

/**
 * The git binary, kept away from everything it could pick up on the way: no shell, no inherited environment, no user or
 * system configuration, no hooks, no credential helper, no protocol but HTTP. Credentials travel in the environment.
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

  /** Refuses URLs that git would read as something else than a repository on an HTTP server. */
  checkUrl(url: string): Result<string, ReadFailure> {
    const location = locateRepository(url);
    const allowed = this.options.allowFileProtocol ? ['http', 'https', 'file'] : ['http', 'https'];
    if (location !== undefined && allowed.includes(location.scheme)) return ok(location.fetchUrl);
    const shown = withoutCredentials(url).slice(0, 200);
    return fail(readFailure('GIT_URL_REFUSED', `"${shown}" is not an http or https URL, the kinds this hub reads`));
  }

  /** Kills what runs and refuses what comes. */
  close(): void {
    this.stopping.abort();
  }

  private async runNow(args: readonly string[], call: GitCall): Promise<Result<Buffer, ReadFailure>> {
    const { networkTimeoutMs = 120_000, localTimeoutMs = 60_000, maxOutputBytes = 64 << 20 } = this.options;
    const timeoutMs = call.network ? networkTimeoutMs : localTimeoutMs;
    const outcome = await runProcess({
      command: this.options.binary ?? 'git',
      args: call.gitDir === undefined ? args : [`--git-dir=${call.gitDir}`, ...args],
      env: this.environment(call),
      timeoutMs,
      maxOutputBytes: call.maxOutputBytes ?? maxOutputBytes,
      signal: this.stopping.signal,
      ...(call.input === undefined ? {} : { input: call.input }),
    });
    return interpret(outcome, call, { timeoutMs, command: args[0] ?? '' });
  }

  private environment(call: GitCall): Record<string, string> {
    const config = this.configuration(call);
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
      GIT_ALLOW_PROTOCOL: this.options.allowFileProtocol ? 'http:https:file' : 'http:https',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_CONFIG_COUNT: String(config.length),
      ...Object.fromEntries(entries),
    };
  }

  private configuration(call: GitCall): [string, string][] {
    const header = call.network ? authorization(call) : undefined;
    return [
      ['safe.directory', '*'],
      ['core.hooksPath', '/dev/null'],
      ['credential.helper', ''],
      ['gc.autoDetach', 'false'],
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', '30'],
      ...Object.entries(this.options.config ?? {}),
      // git would send the header on to wherever the first answer redirects.
      ...(header === undefined ? [] : ([['http.followRedirects', 'false']] as [string, string][])),
      ...(header === undefined ? [] : ([['http.extraHeader', `Authorization: ${header}`]] as [string, string][])),
    ];
  }
}

function authorization(call: GitCall): string | undefined {
  const credentials = call.credentials ?? credentialsInUrl(call.url);
  if (credentials === undefined) return undefined;
  if ('bearerToken' in credentials) return `Bearer ${credentials.bearerToken}`;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

function credentialsInUrl(url: string): GitCredentials | undefined {
  const { username = '', password = '' } = locateRepository(url) ?? {};
  return username === '' && password === '' ? undefined : { username, password };
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
