import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readHubConfig } from '../../src/config/hub-config.js';
import { loadSealKey } from '../../src/config/seal-key.js';

describe('the configuration of a hub', () => {
  it('runs on loopback with every role when nothing is said', () => {
    const config = readHubConfig({});
    expect(config.http).toEqual({
      host: '127.0.0.1',
      pinned: true,
      port: 8080,
      bodyLimitBytes: 10 * 1024 * 1024,
      tls: { from: 'off' },
    });
    expect(config.roles).toEqual(['api', 'controller', 'gateway']);
    expect(config.database.url).toBeUndefined();
  });

  it('tells every problem at once, by the name of its variable', () => {
    const wrong = {
      FLEETWRIGHT_PORT: '70000',
      DATABASE_URL: 'mysql://a',
      FLEETWRIGHT_ROLES: 'api,cook',
      FLEETWRIGHT_POLL_SECONDS: 'often',
      FLEETWRIGHT_ENCRYPTION_KEY: 'c2hvcnQ=',
      FLEETWRIGHT_ENABLE_SCM_PROVIDERS: 'yes',
      FLEETWRIGHT_ALLOWED_SCM_PROVIDERS: 'git.corp',
    };
    const problems = problemsOf(wrong);
    for (const name of Object.keys(wrong)) {
      expect(problems).toContainEqual(expect.stringMatching(`^${name} must be`));
    }
  });

  it('lets generators ask any public SCM provider when nothing is said', () => {
    expect(readHubConfig({}).scm).toEqual({ enabled: true, allowedProviders: [], allowPrivate: false });
    const said = {
      FLEETWRIGHT_ENABLE_SCM_PROVIDERS: 'false',
      FLEETWRIGHT_ALLOWED_SCM_PROVIDERS: 'https://git.corp/, https://github.corp',
      FLEETWRIGHT_ALLOW_PRIVATE_SCM: 'true',
    };
    const allowedProviders = ['https://git.corp/', 'https://github.corp'];
    expect(readHubConfig(said).scm).toEqual({ enabled: false, allowedProviders, allowPrivate: true });
  });

  it('takes a variable that is set to nothing for absent', () => {
    expect(readHubConfig({ DATABASE_URL: '', FLEETWRIGHT_PORT: '' }).http.port).toBe(8080);
  });
});

describe('the key that seals credentials', () => {
  it('is made once, readable by its owner only', () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-config-'));
    const config = readHubConfig({ FLEETWRIGHT_DATA_DIR: dataDir });
    const key = loadSealKey(config);
    expect(key.key).toHaveLength(32);
    expect(loadSealKey(config)).toEqual(key);
    expect(statSync(path.join(dataDir, 'encryption.key')).mode & 0o777).toBe(0o600);
  });

  it('is never replaced when its file is damaged', () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-config-'));
    writeFileSync(path.join(dataDir, 'encryption.key'), 'damaged');
    expect(() => loadSealKey(readHubConfig({ FLEETWRIGHT_DATA_DIR: dataDir }))).toThrow(ConfigError);
  });
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readHubConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}
