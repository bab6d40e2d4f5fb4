import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unavailable } from '../kernel/errors.js';
import { GIT_SEARCH_PATH } from './git/git-search-path.js';

export interface GitHttpServerOptions {
  /** Bare repositories below it are served: `<root>/platform.git` as `/platform.git`. */
  root: string;
  /** Without it everybody may read and push. */
  credentials?: { username: string; password: string };
  port?: number;
  host?: string;
  /** Where git is looked up. */
  searchPath?: string;
}

const MAX_HEADER_BYTES = 64 * 1024;

/**
 * A Git server over smart HTTP: `git http-backend` behind node:http, for the demo and tests. Pushing needs
 * `http.receivepack=true` in the repository.
 */
export class GitHttpServer {
  private readonly server: Server;
  private readonly children = new Set<ChildProcess>();

  constructor(private readonly options: GitHttpServerOptions) {
    this.server = createServer((request, response) => this.serve(request, response));
  }

  /** Starts and answers with the base URL. Throws FleetError GIT_HTTP_BACKEND_MISSING where git lacks the program. */
  async listen(): Promise<string> {
    requireGitHttpBackend(this.searchPath());
    const { port = 0, host = '127.0.0.1' } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address() as AddressInfo;
    return `http://${host}:${address.port}`;
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const user = userOf(request);
    const { credentials } = this.options;
    if (credentials !== undefined && user !== `${credentials.username}:${credentials.password}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const target = targetOf(request);
    if (target === undefined) {
      response.writeHead(400).end();
      return;
    }
    const child = spawn('git', ['http-backend'], { env: this.environment(request, target, user) });
    this.children.add(child);
    // Either side may hang up first.
    child.stdin.on('error', () => undefined);
    child.on('error', () => fail(response));
    child.stderr.resume();
    request.pipe(child.stdin);
    new CgiAnswer(response).read(child);
    child.on('close', () => this.children.delete(child));
    response.on('close', () => child.kill('SIGKILL'));
  }

  private environment(request: IncomingMessage, target: Target, user: string): Record<string, string> {
    const header = (name: string): string => String(request.headers[name] ?? '');
    const length = header('content-length');
    return {
      PATH: this.searchPath(),
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: this.options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: target.path,
      QUERY_STRING: target.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      ...(length === '' ? {} : { CONTENT_LENGTH: length }),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: user.split(':')[0] || 'anonymous',
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    };
  }

  private searchPath(): string {
    return this.options.searchPath ?? GIT_SEARCH_PATH;
  }
}

/** Throws with the words a newcomer needs where git, or its HTTP back end, is not installed. */
export function requireGitHttpBackend(searchPath: string = GIT_SEARCH_PATH): void {
  const found = spawnSync('git', ['--exec-path'], { env: { PATH: searchPath }, encoding: 'utf8' });
  if (found.error !== undefined) {
    throw unavailable('GIT_MISSING', 'git is not installed', 'Install git; Debian: apt-get install git.');
  }
  // Called without a request it complains about the missing method; a git without it says it is no git command.
  const probe = spawnSync('git', ['http-backend'], { env: { PATH: searchPath }, encoding: 'utf8', timeout: 10_000 });
  if (!/is not a git command/.test(probe.stderr)) return;
  const hint = 'Install the full git package; Alpine: apk add git-daemon, Fedora: dnf install git-core.';
  throw unavailable('GIT_HTTP_BACKEND_MISSING', 'this git has no `git http-backend`', hint);
}

/** The CGI answer of git, header block first, passed on as an HTTP answer. */
class CgiAnswer {
  private head = Buffer.alloc(0);
  private isSent = false;

  constructor(private readonly response: ServerResponse) {}

  read(child: ChildProcess): void {
    child.stdout?.on('data', (chunk: Buffer) => {
      const isTaken = this.isSent ? this.response.write(chunk) : this.takeHead(chunk);
      if (isTaken) return;
      child.stdout?.pause();
      this.response.once('drain', () => child.stdout?.resume());
    });
    child.on('close', () => (this.isSent ? this.response.end() : fail(this.response)));
  }

  private takeHead(chunk: Buffer): boolean {
    this.head = Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.head.length > MAX_HEADER_BYTES) fail(this.response);
      return true;
    }
    this.isSent = true;
    const { status, headers } = parseHead(this.head.toString('latin1', 0, end));
    this.response.writeHead(status, headers);
    return this.response.write(this.head.subarray(end + 4));
  }
}

function parseHead(text: string): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}

interface Target {
  path: string;
  query: string;
}

/** Undefined for a request line that names no path. */
function targetOf(request: IncomingMessage): Target | undefined {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    return path.includes('\0') ? undefined : { path, query: url.search.slice(1) };
  } catch {
    return undefined;
  }
}

function userOf(request: IncomingMessage): string {
  const encoded = (request.headers.authorization ?? '').replace(/^Basic /, '');
  return Buffer.from(encoded, 'base64').toString('utf8');
}

function fail(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
