import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentInstall, PLACEHOLDERS } from '../../src/clusters/join/agent-install.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { HAS_HELM, helm, render, template } from '../support/helm.js';
import { ROOT } from '../support/root.js';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: fleetwright-agent
  labels:
    pod-security.kubernetes.io/enforce: restricted
---
`;
const RELEASE = { chart: 'agent', release: 'fleetwright-agent' } as const;
const address = { url: 'https://hub.example:8443', chart: 'charts/agent', pin: '0'.repeat(64) };
const token = `fwjoin_secret.${'0'.repeat(64)}`;

describe.skipIf(!HAS_HELM)("the agent's plain manifest (needs helm)", () => {
  /** `npx vitest run test/charts -u` writes it anew after the chart has changed. */
  it('is what the chart renders', async () => {
    const { url, cluster, token: secret } = PLACEHOLDERS;
    const values = { 'hub.url': url, 'cluster.name': cluster, 'joinToken.value': secret };
    const rendered = (await template({ ...RELEASE, values }))
      .replace(/^---\n# Source: .*\n/, '')
      .replace(/^# Source: .*\n/gm, '');
    await expect(NAMESPACE + rendered).toMatchFileSnapshot(resolve(ROOT, 'charts/agent/install/manifest.yaml'));
  });

  it.each([
    ['the chart’s image', {}, {}],
    [
      'an image by tag',
      { image: 'registry:5000/fleet/agent:1.2.3' },
      { 'image.repository': 'registry:5000/fleet/agent', 'image.tag': '1.2.3' },
    ],
    [
      'an image by digest',
      { image: `fleet/agent@sha256:${'a'.repeat(64)}` },
      { 'image.repository': 'fleet/agent', 'image.digest': `sha256:${'a'.repeat(64)}` },
    ],
  ])('is what the chart renders for a hub, a cluster and a token, with %s', async (_, image, values) => {
    const { manifest = '' } = agentInstall({ address: { ...address, ...image }, token, cluster: 'berlin' }) ?? {};
    const said = { 'hub.url': address.url, 'cluster.name': 'berlin', 'joinToken.value': token, ...values };
    const [namespace, ...objects] = parseYamlDocuments(manifest) as KubernetesObject[];
    expect(namespace?.kind).toBe('Namespace');
    expect(objects).toEqual(await render({ ...RELEASE, values: said }));
  });

  it('comes with a helm command that renders the same', async () => {
    const install = agentInstall({ address: { ...address, image: 'fleet/agent:2' }, token, cluster: 'berlin' });
    const words = (install?.helm ?? '').split(' ').slice(1);
    expect(words.slice(0, 3)).toEqual(['upgrade', '--install', 'fleetwright-agent']);
    const rendered = await helm('template', ...words.slice(2).filter((word) => word !== '--create-namespace'));
    expect(parseYamlDocuments(rendered)).toEqual(parseYamlDocuments(install?.manifest ?? '').slice(1));
  });
});

describe('the command that installs an agent', () => {
  it('asks for the name of a cluster that is not known yet', () => {
    const install = agentInstall({ address, token });
    expect(install?.helm).toContain('--set-string cluster.name="$CLUSTER"');
    expect(install?.manifest).toBeUndefined();
  });

  it('is quoted for the shell and for helm', () => {
    const { helm: command } =
      agentInstall({ address: { url: "https://hub/a,b'; rm", chart: 'my charts/a' }, token }) ?? {};
    expect(command).toContain(`--set-string hub.url='https://hub/a\\,b'\\''; rm'`);
    expect(command).toContain(`fleetwright-agent 'my charts/a' --namespace`);
  });

  it('is not given by a hub that agents cannot reach over TLS', () => {
    expect(
      agentInstall({ address: { ...address, url: 'http://127.0.0.1:8080' }, token, cluster: 'berlin' }),
    ).toBeUndefined();
  });
});
