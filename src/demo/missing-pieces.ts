import type { HubConfig } from '../config/hub-config.js';
import { bundledBinaries, unprivilegedUser } from '../database/embedded/postgres-binaries.js';
import { FleetError, messageOf } from '../kernel/errors.js';
import type { Result } from '../kernel/result.js';
import type { Tools } from '../rendering/tools/tools.js';
import { requireGitHttpBackend } from '../repositories/git-http-server.js';
import { runProcess } from '../repositories/process.js';
import { databaseFault } from './demo-database.js';

export interface Piece {
  name: string;
  /** Why it cannot be used; undefined when it can. */
  fault: string | undefined;
}

/** Every program the demo needs, tried out: nothing is replaced by a fake. */
export async function checkPieces({ database }: HubConfig, tools: Tools): Promise<Piece[]> {
  return [
    { name: 'git with `git http-backend`', fault: gitFault() },
    { name: 'Postgres', fault: await postgresFault(database.url) },
    { name: 'helm', fault: await toolFault(await tools.helm(), 'HELM_BINARY', ['version', '--short']) },
    { name: 'kubectl', fault: await toolFault(await tools.kubectl(), 'KUBECTL_BINARY', ['version', '--client']) },
  ];
}

function gitFault(): string | undefined {
  try {
    requireGitHttpBackend();
    return undefined;
  } catch (error) {
    const hint = error instanceof FleetError ? (error.details.hint ?? '') : '';
    return `${messageOf(error)}. ${hint}`;
  }
}

async function postgresFault(url: string | undefined): Promise<string | undefined> {
  if (url !== undefined) {
    const fault = await databaseFault(url);
    return fault && `the server that DATABASE_URL names does not answer: ${fault}`;
  }
  if (bundledBinaries() === undefined) {
    return `none is bundled for ${process.platform}-${process.arch}: set DATABASE_URL to a server of yours`;
  }
  try {
    unprivilegedUser();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function toolFault(
  tool: Result<string, { message: string }>,
  variable: string,
  args: readonly string[],
): Promise<string | undefined> {
  if (!tool.ok) return tool.error.message;
  const env = { HOME: '/nonexistent' };
  const outcome = await runProcess({ command: tool.value, args, env, timeoutMs: 30_000, maxOutputBytes: 64 << 10 });
  if (outcome.kind === 'exited' && outcome.code === 0) return undefined;
  return `${tool.value} does not run: set ${variable} to a path that does`;
}
