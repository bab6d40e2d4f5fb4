import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForProbes, type HealthListener } from '../../../src/dispatch/agent/health-listener.js';

let probes: HealthListener;
beforeEach(async () => {
  probes = await listenForProbes(0);
});
afterEach(() => probes.close());

const status = async (path: string) => (await fetch(`http://127.0.0.1:${probes.port}${path}`)).status;

describe("an agent's answers to probes", () => {
  it('are ready once it works', async () => {
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(503);
    probes.isReady();
    expect(await status('/readyz')).toBe(200);
  });

  it('need a port that is free', async () => {
    await expect(listenForProbes(probes.port)).rejects.toMatchObject({ code: 'ADDRESS_UNUSABLE' });
  });

  it('tell nothing else', async () => {
    expect(await status('/metrics')).toBe(404);
  });
});
