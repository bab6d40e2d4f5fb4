import { describe, expect, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';

const tlsOf = (environment: Record<string, string>) => readHubConfig(environment).http.tls;
const FILES = { FLEETWRIGHT_TLS_CERT: '/tls/tls.crt', FLEETWRIGHT_TLS_KEY: '/tls/tls.key' };

describe("how the hub's port is protected", () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('is not at all on %s', (host) => {
    expect(tlsOf({ FLEETWRIGHT_HOST: host })).toEqual({ from: 'off' });
  });

  it.each(['0.0.0.0', '::', '10.1.2.3', 'hub.example', '127.example'])('has to be said for %s', (host) => {
    expect(() => tlsOf({ FLEETWRIGHT_HOST: host })).toThrow(/not loopback[^]*FLEETWRIGHT_TLS/);
    expect(tlsOf({ FLEETWRIGHT_HOST: host, FLEETWRIGHT_TLS: 'off' })).toEqual({ from: 'off' });
  });

  it('can be a certificate of files, on every address', () => {
    const files = { from: 'files', cert: '/tls/tls.crt', key: '/tls/tls.key' };
    expect(tlsOf(FILES)).toEqual(files);
    expect(tlsOf({ ...FILES, FLEETWRIGHT_HOST: '0.0.0.0' })).toEqual(files);
  });

  it("can be the hub's own certificate, for the names it is called by", () => {
    const environment = {
      FLEETWRIGHT_TLS: 'own',
      FLEETWRIGHT_HOST: '0.0.0.0',
      FLEETWRIGHT_PUBLIC_URL: 'https://hub.example:8443',
      FLEETWRIGHT_TLS_NAMES: 'hub.fleet.svc, 10.0.0.7',
    };
    const names = ['hub.example', 'hub.fleet.svc', '10.0.0.7', 'localhost', '127.0.0.1', '::1'];
    expect(tlsOf(environment)).toEqual({ from: 'own', names });
  });

  it('is one thing, and all of it', () => {
    expect(() => tlsOf({ FLEETWRIGHT_TLS_CERT: '/tls/tls.crt' })).toThrow(/go together/);
    expect(() => tlsOf({ ...FILES, FLEETWRIGHT_TLS: 'own' })).toThrow(/contradict/);
    expect(() => tlsOf({ FLEETWRIGHT_TLS: 'maybe' })).toThrow(/own or off/);
    expect(() => tlsOf({ FLEETWRIGHT_TLS: 'own', FLEETWRIGHT_TLS_NAMES: 'a b' })).toThrow(/FLEETWRIGHT_TLS_NAMES/);
  });
});
