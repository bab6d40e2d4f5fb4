import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

const AGENT = join(import.meta.dirname, '../../src/agent.js');
/** As the image and `npm run agent` start it. */
const FLAGS = ['--max-semi-space-size=2', '--enable-source-maps'];

interface AgentPlace {
  hubUrl: string;
  joinToken: string;
  cluster: string;
  folder: string;
  kubernetes: { url: string; token: string };
}

/** The agent as users start it. */
export class AgentProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
  ) {}

  static start({ hubUrl, joinToken, cluster, folder, kubernetes }: AgentPlace): AgentProcess {
    const environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      FLEETWRIGHT_HUB_URL: hubUrl,
      FLEETWRIGHT_CLUSTER: cluster,
      FLEETWRIGHT_JOIN_TOKEN: joinToken,
      FLEETWRIGHT_DATA_DIR: `${folder}/agent`,
      KUBERNETES_API: kubernetes.url,
      KUBERNETES_TOKEN: kubernetes.token,
    };
    const child = spawn(process.execPath, [...FLAGS, AGENT], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(folder, 'agent.log'), { flags: 'a' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    return new AgentProcess(child, child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
