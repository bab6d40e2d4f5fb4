import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingTools } from '../../src/rendering/tool-check.js';
import { Tools } from '../../src/rendering/tools.js';
import { testTools } from '../support/rendering.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tool-check-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the check before a start', () => {
  it('has nothing to say where every program runs', async () => {
    expect(await missingTools({ tools: testTools, gitHttpBackend: true })).toEqual([]);
  });

  it('names every program that is missing and the variable that gives it', async () => {
    const absent = join(folder, 'absent');
    const tools = new Tools({ cacheDirectory: folder, helmBinary: absent, kubectlBinary: absent });
    const problems = await missingTools({ tools, searchPath: folder, gitHttpBackend: true });
    expect(problems).toEqual([
      expect.stringMatching(/^git is not installed/),
      expect.stringContaining('KUBECTL_BINARY'),
      expect.stringContaining('HELM_BINARY'),
    ]);
  });

  it('tells a git that cannot serve from one that can', async () => {
    const git = join(folder, 'git');
    await writeFile(
      git,
      '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "git: \'$1\' is not a git command" >&2\nexit 1\n',
    );
    await chmod(git, 0o755);
    expect(await missingTools({ tools: testTools, searchPath: folder })).toEqual([]);
    const [problem] = await missingTools({ tools: testTools, searchPath: folder, gitHttpBackend: true });
    expect(problem).toContain('git http-backend');
  });
});
