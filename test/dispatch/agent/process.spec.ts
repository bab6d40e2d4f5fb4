import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { configMap, deployment, wave } from '../../support/workloads.js';

/** `npm test` builds first: this is the agent as it is shipped. */
describe('the agent as a process', () => {
  let member: Member;
  let agent: ChildProcess | undefined;
  beforeEach(async () => {
    member = new Member({ readyAfterMs: 300 });
    await member.open();
    await member.stopAgent();
  });
  afterEach(async () => {
    await kill('SIGKILL');
    await member.close();
  });

  const start = (): void => {
    const { api, token, dataDir } = member.address();
    agent = spawn(process.execPath, ['dist/agent.js'], {
      stdio: 'ignore',
      env: {
        FLEETWRIGHT_HUB_URL: member.hub.url,
        FLEETWRIGHT_CLUSTER: 'berlin',
        FLEETWRIGHT_DATA_DIR: dataDir,
        KUBERNETES_API: api,
        KUBERNETES_TOKEN: token,
      },
    });
  };
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    const running = agent;
    agent = undefined;
    if (!running || running.exitCode !== null) return running?.exitCode ?? null;
    running.kill(signal);
    const [code] = (await once(running, 'exit')) as [number | null];
    return code;
  };

  it('converges when it is killed in mid-sync and started again', async () => {
    const late = configMap('late', {}, wave(1));
    member.hub.deliver({ uid: 'web', objects: [deployment('web'), late, configMap('old')] });
    start();
    await member.appears('apps/Deployment/shop/web');
    await kill('SIGKILL');
    expect(member.live('/ConfigMap/shop/late')).toBeUndefined();
    member.hub.deliver({ uid: 'web', objects: [deployment('web'), late] });
    start();
    await member.verdict('web');
    await member.disappears('/ConfigMap/shop/old');
    expect(member.live('/ConfigMap/shop/late')).toBeDefined();
  });

  it('ends when it is asked to', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    start();
    await member.verdict('web');
    expect(await kill('SIGTERM')).toBe(0);
  });
});
