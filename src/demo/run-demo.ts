import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readHubConfig, type HubConfig } from '../config/hub-config.js';
import type { Tools } from '../rendering/tools/tools.js';
import { loginAdvice, thingsToTry } from './advice.js';
import { converge, fleetTable } from './converge.js';
import { demoConfig, demoTools } from './demo-config.js';
import { createDemoDatabase } from './demo-database.js';
import { DemoFolder } from './demo-folder.js';
import { DemoLogs } from './demo-logs.js';
import { checkPieces } from './missing-pieces.js';
import type { DemoOptions } from './options.js';
import { playScenes } from './play-scenes.js';
import type { Screen } from './screen.js';
import { startStage } from './start-stage.js';
import { Teardown } from './teardown.js';

/** What the process answers with. */
export const EXIT = { fine: 0, failed: 1, cannotStart: 2, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * The seed fleet: started, shown, played upon and checked; then stopped, or kept alive until the signal. Everything that
 * was started is stopped before this resolves.
 */
export async function runDemo(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<ExitCode> {
  const environment = readHubConfig();
  const tools = demoTools(environment);
  const missing = (await checkPieces(environment, tools)).filter(({ fault }) => fault !== undefined);
  for (const { name, fault } of missing) screen.line(`  ✗ ${name}: ${fault}`);
  if (missing.length > 0) return EXIT.cannotStart;
  const folder = options.once ? await DemoFolder.temporary() : await DemoFolder.startOver(options.dataDir);
  if (folder.startedOver) screen.line(`  starting over: what an earlier run left in ${folder.path} is removed`);
  const logs = new DemoLogs(folder.pathOf('hub.log'), environment.logLevel);
  const run = { options, screen, signal, environment, tools, folder, logs, teardown: new Teardown() };
  const code = await performed(run);
  await screen.step('stop everything', () => run.teardown.run(logs.hub));
  if (code === EXIT.failed) screen.line(`  the log of hub and agents: ${folder.pathOf('hub.log')}`);
  else if (options.once) await folder.remove();
  folder.leave();
  return code;
}

interface Run {
  options: DemoOptions;
  screen: Screen;
  signal: AbortSignal;
  environment: HubConfig;
  tools: Tools;
  folder: DemoFolder;
  logs: DemoLogs;
  teardown: Teardown;
}

async function performed(run: Run): Promise<ExitCode> {
  try {
    return await perform(run);
  } catch (error) {
    if (run.signal.aborted) return EXIT.interrupted;
    run.screen.failure(error);
    return EXIT.failed;
  }
}

async function perform({ options, screen, signal, ...parts }: Run): Promise<ExitCode> {
  const config = await configured(parts);
  const { stage, adminToken } = await startStage({ ...parts, config, screen, signal });
  if (!options.once) screen.lines(['', ...loginAdvice(stage.hub.url, adminToken), '']);
  await screen.step('converge', () => converge(stage, screen));
  screen.lines(['', ...(await fleetTable(stage)), '']);
  const failed = await playScenes(stage, screen);
  screen.lines(['', failed === 0 ? 'every scene came out as it should' : `${failed} of the scenes failed`]);
  const code = failed === 0 ? EXIT.fine : EXIT.failed;
  if (options.once) return code;
  screen.lines([
    '',
    'the fleet is alive',
    '',
    ...loginAdvice(stage.hub.url, adminToken),
    ...thingsToTry(stage, config.binaries.kubectl ?? 'kubectl'),
    '',
  ]);
  screen.lines(['Ctrl-C stops everything', '']);
  if (!signal.aborted) await once(signal, 'abort');
  return code;
}

async function configured({
  environment,
  folder,
  tools,
  teardown,
}: Pick<Run, 'environment' | 'folder' | 'tools' | 'teardown'>): Promise<HubConfig> {
  const { url } = environment.database;
  if (url === undefined) return demoConfig(environment, { folder, tools, databaseUrl: undefined });
  const database = await createDemoDatabase(url, randomBytes(4).toString('hex'));
  teardown.add('database', () => database.drop());
  return demoConfig(environment, { folder, tools, databaseUrl: database.url });
}
