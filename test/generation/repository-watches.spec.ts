import { expect, it } from 'vitest';
import type { RemoteRead } from '../../src/expansion/expansion.js';
import { repositoryWatches } from '../../src/generation/repository-watches.js';

const URL = 'https://git.example.com/fleet';
const OTHER = 'https://git.example.com/other';
const read = (more: Partial<RemoteRead>): RemoteRead => ({
  path: 'spec.generators[0].git',
  repoURL: URL,
  revision: 'main',
  kind: 'directories',
  patterns: ['apps/*'],
  results: 1,
  ...more,
});
const expansion = (remoteReads: RemoteRead[], failed = false) => ({
  branches: [{ index: 0, state: 'complete' as const, remoteReads, results: 1 }],
  errors: failed ? [{ code: 'GIT_TIMEOUT', message: '', path: '' }] : [],
  warnings: [],
});

it('a set watches what its Git generators read, at each revision', () => {
  const reads = [read({}), read({ revision: 'dev', kind: 'files', patterns: ['envs/*.json'] })];
  const repositories = new Set([URL]);
  expect([...repositoryWatches({ expansion: expansion(reads), repositories })]).toEqual([
    [
      URL,
      [
        { revision: 'main', patterns: { kind: 'directories', patterns: ['apps/*'] } },
        { revision: 'dev', patterns: { kind: 'files', patterns: ['envs/*.json'] } },
      ],
    ],
  ]);
});

it('a set watches everything of a repository that it asked for and did not read, or after any failure', () => {
  const watches = repositoryWatches({ expansion: expansion([read({})]), repositories: new Set([URL, OTHER]) });
  expect(watches.get(OTHER)).toBe('everything');
  const failed = repositoryWatches({ expansion: expansion([read({})], true), repositories: new Set([URL]) });
  expect(failed.get(URL)).toBe('everything');
});

it('a set is known by the questions it put to providers, not to plugins', () => {
  const reads = [
    read({ kind: 'pullRequests', repoURL: 'github acme web' }),
    read({ kind: 'repositories', repoURL: 'gitlab acme' }),
    read({ kind: 'plugin', repoURL: 'plugin x' }),
  ];
  expect([...repositoryWatches({ expansion: expansion(reads), repositories: new Set() }).keys()]).toEqual([
    'pullRequests:github acme web',
    'repositories:gitlab acme',
  ]);
});
