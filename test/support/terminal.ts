import { Readable, Writable } from 'node:stream';
import type { HubChoice } from '../../src/cli/command.js';
import { Output } from '../../src/cli/output.js';
import { runCommand } from '../../src/cli/run-command.js';
import { TEST_TOOLS } from './rendering.js';
import type { Ran } from './command-line.js';

/** `fleetwright` in this process, with nothing on standard input; `hub` is what the environment says of one. */
export async function runInProcess(words: readonly string[], hub: HubChoice = {}): Promise<Ran> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const outputs = { stdout: new Output(stdout), stderr: new Output(stderr) };
  const terminal = { stdin: Readable.from([]), ...outputs, hub, tools: { cacheDirectory: TEST_TOOLS } };
  return { code: await runCommand(words, terminal), stdout: stdout.text, stderr: stderr.text };
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
