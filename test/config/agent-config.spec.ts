import { describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../src/config/agent-config.js';
import { ConfigError } from '../../src/config/hub-config.js';

const LEAST = {
  FLEETWRIGHT_HUB_URL: 'https://hub.example',
  FLEETWRIGHT_CLUSTER: 'berlin',
  KUBERNETES_API: 'http://127.0.0.1:1',
};

describe("the agent's configuration", () => {
  it('needs a hub, a name and a cluster', () => {
    expect(readAgentConfig(LEAST)).toMatchObject({
      hubUrl: 'https://hub.example',
      cluster: 'berlin',
      kubernetes: { from: 'address', server: 'http://127.0.0.1:1' },
      ceiling: {},
      agentVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
  });

  it('tells every problem at once', () => {
    const read = () => readAgentConfig({ FLEETWRIGHT_HUB_URL: 'ftp://x', FLEETWRIGHT_LOG_LEVEL: 'loud' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/FLEETWRIGHT_HUB_URL.*\n.*FLEETWRIGHT_CLUSTER.*\n.*FLEETWRIGHT_LOG_LEVEL/);
  });

  it('speaks plain http with a hub on loopback only', () => {
    const read = (url: string) => readAgentConfig({ ...LEAST, FLEETWRIGHT_HUB_URL: url }).hubUrl;
    expect(read('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
    expect(read('http://[::1]:8080')).toBe('http://[::1]:8080');
    expect(() => read('http://hub.example')).toThrow(/https/);
  });

  it("names an authority's file that cannot be read", () => {
    expect(() => readAgentConfig({ ...LEAST, FLEETWRIGHT_HUB_CA: '/nowhere/ca.crt' })).toThrow(/FLEETWRIGHT_HUB_CA/);
  });

  it('finds the cluster by address, kubeconfig or service account, in this order', () => {
    const { KUBERNETES_API: _, ...rest } = LEAST;
    const pod = { ...rest, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(readAgentConfig(pod).kubernetes).toEqual({ from: 'service-account', host: '10.0.0.1', port: '443' });
    expect(readAgentConfig({ ...pod, KUBECONFIG: '/k' }).kubernetes).toEqual({ from: 'kubeconfig', path: '/k' });
    expect(() => readAgentConfig(rest)).toThrow(/KUBERNETES_API/);
  });

  it('reads the local ceiling', () => {
    const { ceiling } = readAgentConfig({
      ...LEAST,
      FLEETWRIGHT_ALLOWED_PROJECTS: 'team-a, team-b',
      FLEETWRIGHT_ALLOWED_KINDS: 'apps/Deployment,ConfigMap',
    });
    expect(ceiling).toEqual({
      projects: ['team-a', 'team-b'],
      kinds: [
        { group: 'apps', kind: 'Deployment' },
        { group: '', kind: 'ConfigMap' },
      ],
    });
  });
});
