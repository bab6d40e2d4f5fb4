import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Channel, type Connection, type Server } from 'ssh2';

/** Whether this machine has the program that git reads over SSH by. */
export const HAS_SSH = spawnSync('ssh', ['-V'], { env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }).status === 0;

export interface SshKey {
  private: string;
  public: string;
}

export const sshKey = (): SshKey => ssh2.utils.generateKeyPairSync('ed25519');

/** An SSH server on loopback that lets one key in and runs `git upload-pack` below a folder, and nothing else. */
export class SshServer {
  /** What clients asked to be run. */
  readonly commands: string[] = [];
  private readonly connections = new Set<Connection>();

  private constructor(
    private readonly root: string,
    private readonly server: Server,
    readonly hostKey: SshKey,
  ) {}

  static async start(root: string, allowed: SshKey): Promise<SshServer> {
    const hostKey = sshKey();
    const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => started.serve(client, allowed));
    const started: SshServer = new SshServer(root, server, hostKey);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get port(): number {
    return this.server.address().port;
  }

  /** A line of known_hosts that vouches for this server. */
  get knownHost(): string {
    const [type, key] = this.hostKey.public.split(' ');
    return `[127.0.0.1]:${this.port} ${type} ${key}\n`;
  }

  urlOf(name: string): string {
    return `ssh://git@127.0.0.1:${this.port}/${name}.git`;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.end();
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private serve(client: Connection, allowed: SshKey): void {
    this.connections.add(client);
    client.on('close', () => this.connections.delete(client));
    // A client that turns away, as from an unknown host key, is an error of the connection.
    client.on('error', () => undefined);
    client.on('authentication', (context: AuthContext) => authenticate(context, allowed));
    client.on('session', (accept: () => NodeJS.EventEmitter) => {
      const session = accept();
      session.on('env', (accepted?: () => void) => accepted?.());
      session.on('exec', (open: () => Channel, _reject: () => void, { command }: { command: string }) =>
        this.run(open(), command),
      );
    });
  }

  private run(channel: Channel, command: string): void {
    this.commands.push(command);
    const [, path] = /^git-upload-pack '(\/?[\w./-]+)'$/.exec(command) ?? [];
    if (path === undefined || path.includes('..')) {
      channel.stderr.write('not served\n');
      channel.exit(128);
      channel.end();
      return;
    }
    const child = spawn('git', ['-c', 'safe.directory=*', 'upload-pack', join(this.root, path)], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    });
    child.stdin.on('error', () => undefined);
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
  }
}

function authenticate(context: AuthContext, allowed: SshKey): void {
  const key = ssh2.utils.parseKey(allowed.public);
  if (context.method !== 'publickey' || context.username !== 'git' || !context.key.data.equals(key.getPublicSSH())) {
    return context.reject(['publickey']);
  }
  const { blob, signature, hashAlgo } = context;
  if (signature === undefined || blob === undefined) return context.accept();
  return key.verify(blob, signature, hashAlgo) === true ? context.accept() : context.reject(['publickey']);
}
