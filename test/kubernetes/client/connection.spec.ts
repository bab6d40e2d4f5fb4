import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/kubernetes/yaml.js';
import { inClusterConnection, kubeconfigConnection } from '../../../src/kubernetes/client/connection.js';

describe('where a Kubernetes API is found', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetwright-connection-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const kubeconfig = async (user: Record<string, unknown>, context = 'main'): Promise<string> => {
    const path = join(folder, 'config');
    const clusters = [
      { name: 'c', cluster: { server: 'https://api.example:6443', 'certificate-authority': 'ca.pem' } },
    ];
    const contexts = [{ name: 'main', context: { cluster: 'c', user: 'u' } }];
    await writeFile(path, toYaml({ clusters, contexts, users: [{ name: 'u', user }], 'current-context': context }));
    await writeFile(join(folder, 'ca.pem'), 'authority');
    return path;
  };

  it('reads the token and the files of a kubeconfig', async () => {
    const data = Buffer.from('certificate').toString('base64');
    const connection = await kubeconfigConnection(
      await kubeconfig({ token: 'secret', 'client-certificate-data': data }),
    );
    expect(connection).toMatchObject({
      server: 'https://api.example:6443',
      ca: 'authority',
      cert: 'certificate',
      skipTlsVerify: false,
    });
    expect(await connection.token?.()).toBe('secret');
  });

  it('says what a kubeconfig lacks', async () => {
    await expect(kubeconfigConnection(await kubeconfig({}, 'other'))).rejects.toMatchObject({ code: 'KUBECONFIG' });
    await expect(kubeconfigConnection(await kubeconfig({ exec: { command: 'aws' } }))).rejects.toMatchObject({
      code: 'KUBECONFIG_LOGIN',
    });
  });

  it("reads a pod's token again each time, as it rotates", async () => {
    await writeFile(join(folder, 'ca.crt'), 'authority');
    await writeFile(join(folder, 'token'), 'first\n');
    const connection = await inClusterConnection('fd00::1', '443', folder);
    expect(connection).toMatchObject({ server: 'https://[fd00::1]:443', ca: 'authority' });
    expect(await connection.token?.()).toBe('first');
    await writeFile(join(folder, 'token'), 'second\n');
    expect(await connection.token?.()).toBe('second');
  });
});
