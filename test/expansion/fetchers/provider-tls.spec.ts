import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader } from '../../support/remote-inputs.js';

/** Signed by itself, for 127.0.0.1. */
const pem = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, `../../fixtures/provider-tls/${name}.pem`), 'utf8');
const cert = pem('certificate');

let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start({ cert, key: pem('key') });
  server.serve({ '/api/v4/projects/1/merge_requests': { body: [] } });
});
afterAll(() => server.close());

const reader = () => readerWith(remoteReader({ configMaps: { ca: { 'ca.crt': cert } } }));
const gitlab = (more: object = {}) => ({ pullRequest: { gitlab: { project: '1', api: server.url, ...more } } });

describe('a provider with a certificate of its own', () => {
  it('is not asked', async () => {
    expect((await refusalOf(gitlab(), reader())).code).toBe('SCM_UNREACHABLE');
    expect(server.asked).toEqual([]);
  });

  it('is asked where a ConfigMap holds the certificate, and where any will do', async () => {
    expect(await parametersOf(gitlab({ caRef: { configMapName: 'ca', key: 'ca.crt' } }), reader())).toEqual([]);
    expect(await parametersOf(gitlab({ insecure: true }), reader())).toEqual([]);
  });

  it('needs a ConfigMap and a key that exist', async () => {
    for (const caRef of [
      { configMapName: 'none', key: 'ca.crt' },
      { configMapName: 'ca', key: 'none' },
    ]) {
      expect((await refusalOf(gitlab({ caRef }), reader())).code).toBe('CONFIG_MAP_MISSING');
    }
  });
});
