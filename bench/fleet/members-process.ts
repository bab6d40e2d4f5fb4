import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const MEMBERS = join(import.meta.dirname, '../run-members.js');

export interface MembersOptions {
  hubUrl: string;
  joinToken: string;
  /** For bundles and the log. */
  folder: string;
  /** Names to join under. */
  clusters: readonly string[];
}

/** Which ConfigMap to edit. */
export interface HandEdit {
  cluster: string;
  namespace: string;
  name: string;
}

export interface MembersAnswer {
  ms: number;
}

/** Virtual clusters and their agents in a process of their own, apart from the hub's and from the one that measures. */
export class MembersProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
  ) {}

  /** Resolves when every agent has joined. */
  static async start(options: MembersOptions): Promise<MembersProcess> {
    const child = fork(MEMBERS, [JSON.stringify(options)], { execArgv: ['--enable-source-maps'] });
    const members = new MembersProcess(child, child.pid ?? 0);
    await members.answer();
    return members;
  }

  /** Edits an object by hand; answers the milliseconds until its agent has put it back. */
  async heal(edit: HandEdit): Promise<number> {
    const answer = this.answer();
    this.child.send(edit);
    return (await answer).ms;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }

  private answer(): Promise<MembersAnswer> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the members ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (answer) => {
        this.child.off('exit', ended);
        resolve(answer as MembersAnswer);
      });
    });
  }
}
