import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testTools } from './rendering.js';
import { until } from './until.js';

export interface Printed {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The kubectl that the product brings or an operator named; undefined where there is none. */
export const kubectlBinary = await testTools.kubectl().then((found) => (found.ok ? found.value : undefined));

/** kubectl as a person runs it: a kubeconfig, a home of its own, and an editor that is a script. */
export class Kubectl {
  readonly folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  private readonly config = join(this.folder, 'config');

  constructor(server: string) {
    const named = { clusters: [{ name: 'c', cluster: { server } }], users: [{ name: 'u', user: {} }] };
    const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }];
    const config = { apiVersion: 'v1', kind: 'Config', ...named, contexts, 'current-context': 'x' };
    writeFileSync(this.config, JSON.stringify(config));
  }

  /** Writes a file that commands may name; answers its path. */
  file(name: string, content: string | object): string {
    const path = join(this.folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o755 });
    return path;
  }

  /** Runs to its end, whatever the exit code. */
  async run(args: readonly string[], { input = '', editor = 'false' } = {}): Promise<Printed> {
    const running = this.start(args, editor);
    running.child.stdin.end(input);
    return running.ended;
  }

  /** Standard output of a command that succeeds; anything else is thrown with what it printed. */
  async print(line: string, options: { input?: string; editor?: string } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(line.split(' '), options);
    if (code !== 0) throw new Error(`kubectl ${line}: exit ${code}\n${stderr}\n${stdout}`);
    return stdout;
  }

  /** What a command that fails says. */
  async refusal(line: string, options: { input?: string } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(line.split(' '), options);
    if (code === 0) throw new Error(`kubectl ${line} succeeded:\n${stdout}`);
    return stderr;
  }

  /** Starts a command that goes on, such as `get -w`. */
  start(args: readonly string[], editor = 'false') {
    const env = { HOME: this.folder, KUBECONFIG: this.config, PATH: process.env['PATH'] ?? '', KUBE_EDITOR: editor };
    const child = spawn(kubectlBinary ?? 'kubectl', args, { env, cwd: this.folder });
    const printed: Printed = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
    const ended = new Promise<Printed>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...printed, code }));
    });
    const prints = (pattern: RegExp): Promise<true> =>
      until(
        () => pattern.test(printed.stdout) || undefined,
        () => `${String(pattern)} from kubectl ${args.join(' ')}; printed: ${printed.stdout}${printed.stderr}`,
      );
    return { child, printed, ended, prints };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
