import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandJson, fleetwright, listSet } from '../support/command-line.js';
import { git, writeBareRepository, writeTree, writeWorkingTree } from '../support/local-trees.js';

const URL = 'https://git.example.com/team/apps.git';
const FILES = {
  'apps/web/app.yaml': 'name: web',
  'apps/api/app.yaml': 'name: api',
  'apps/.hidden/app.yaml': 'name: hidden',
  'readme.md': '',
};

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-git-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const generator = (git: object, repoURL = URL) => ({ generators: [{ git: { repoURL, revision: 'v1', ...git } }] });
const byDirectory = (repoURL = URL) => directorySet(generator({ directories: [{ path: 'apps/*' }] }, repoURL));
const byFile = () => listSet('files', [], generator({ files: [{ path: 'apps/**' }] }));

function directorySet(spec: object) {
  const set = listSet('directories', [], spec);
  return { ...set, spec: { ...set.spec, template: { ...set.spec.template, metadata: { name: '{{path.basename}}' } } } };
}

async function namesFrom(set: object, ...flags: string[]): Promise<string[]> {
  const { sets } = await expandJson(set, flags);
  expect(sets[0]?.errors).toEqual([]);
  return (sets[0]?.applications ?? []).map(({ metadata }) => metadata.name);
}

async function errorFrom(set: object, ...flags: string[]) {
  const { sets, code } = await expandJson(set, flags);
  expect({ code, applications: sets[0]?.applications }).toEqual({ code: 1, applications: [] });
  return sets[0]?.errors[0];
}

describe('a plain directory', () => {
  beforeEach(() => writeTree(`${root}/repo`, FILES));

  it('stands for every revision', async () => {
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'web']);
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'hidden', 'web']);
  });

  it('is not left through a symlink', async () => {
    writeFileSync(`${root}/secret.yaml`, 'name: secret');
    symlinkSync('../../secret.yaml', `${root}/repo/apps/out.yaml`);
    expect(await errorFrom(byFile(), '--git', `${URL}=${root}/repo`)).toMatchObject({ code: 'PATH_ESCAPE' });
  });

  it('is read through a symlink that stays inside', async () => {
    symlinkSync('web/app.yaml', `${root}/repo/apps/again.yaml`);
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'hidden', 'web', 'web']);
  });

  it('may lie inside a working tree, whose ignored files are its own', async () => {
    writeWorkingTree(root, { '.gitignore': 'repo/apps/web/\n' });
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'web']);
  });
});

describe('a working tree', () => {
  beforeEach(() => writeWorkingTree(`${root}/repo`, { ...FILES, '.gitignore': 'ignored/\n*.log\n' }));

  it('counts as it is on disk: changed, new and deleted files', async () => {
    writeTree(`${root}/repo`, { 'apps/web/app.yaml': 'name: changed', 'apps/new/app.yaml': 'name: new' });
    unlinkSync(`${root}/repo/apps/api/app.yaml`);
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo`)).toEqual(['changed', 'hidden', 'new']);
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`)).toEqual(['new', 'web']);
  });

  it('leaves out what git ignores', async () => {
    writeTree(`${root}/repo`, { 'apps/ignored/app.yaml': 'name: ignored', 'apps/out.log': 'name: log' });
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'hidden', 'web']);
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'web']);
  });

  it('keeps ignored files that are tracked all the same', async () => {
    writeTree(`${root}/repo`, { 'apps/kept.log': 'name: kept' });
    git(`${root}/repo`, 'add', '-f', 'apps/kept.log');
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'hidden', 'kept', 'web']);
  });

  it('has a submodule as a directory, with none of its files, and no symlink as one', async () => {
    writeWorkingTree(`${root}/library`, { 'deep/app.yaml': 'name: deep' });
    git(`${root}/repo`, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', '../library', 'apps/library');
    symlinkSync('web', `${root}/repo/apps/alias`);
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'library', 'web']);
    const yaml = listSet('files', [], generator({ files: [{ path: 'apps/**/app.yaml' }] }));
    expect(await namesFrom(yaml, '--git', `${URL}=${root}/repo`)).toEqual(['api', 'hidden', 'web']);
  });

  it('may be a linked one, and hold names beyond ASCII', async () => {
    writeTree(`${root}/repo`, { 'apps/zürich "x"/app.yaml': 'name: zh' });
    git(`${root}/repo`, 'add', '-A');
    git(`${root}/repo`, 'commit', '-q', '-m', 'more');
    git(`${root}/repo`, 'worktree', 'add', '-q', '../linked');
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/linked`)).toEqual(['api', 'hidden', 'web', 'zh']);
  });

  it('runs no program that the repository names', async () => {
    writeFileSync(`${root}/spy`, `#!/bin/sh\ntouch ${root}/ran\n`, { mode: 0o755 });
    git(`${root}/repo`, 'config', 'core.fsmonitor', `${root}/spy`);
    await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo`);
    expect(() => unlinkSync(`${root}/ran`)).toThrow('ENOENT');
  });
});

describe('a bare repository', () => {
  it('is read at its HEAD', async () => {
    writeBareRepository(`${root}/repo.git`, FILES);
    expect(await namesFrom(byDirectory(), '--git', `${URL}=${root}/repo.git`)).toEqual(['api', 'web']);
    expect(await namesFrom(byFile(), '--git', `${URL}=${root}/repo.git`)).toEqual(['api', 'hidden', 'web']);
  });

  it('without a commit is an error', async () => {
    git(root, 'init', '-q', '--bare', 'empty.git');
    const error = await errorFrom(byDirectory(), '--git', `${URL}=${root}/empty.git`);
    expect(error).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
  });
});

describe('several repositories', () => {
  it('are each read where their generator says so', async () => {
    writeTree(`${root}/repo`, FILES);
    writeBareRepository(`${root}/other.git`, { 'apps/bare/app.yaml': 'name: bare' });
    const other = 'https://git.example.com/team/other.git';
    const generators = [URL, other].map(
      (repoURL) => generator({ files: [{ path: 'apps/**' }] }, repoURL).generators[0],
    );
    const set = listSet('files', [], { generators });
    const flags = ['--git', `${URL}=${root}/repo`, '--git', `${other}=${root}/other.git`];
    expect(await namesFrom(set, ...flags)).toEqual(['api', 'bare', 'hidden', 'web']);
  });
});

describe('--git', () => {
  beforeEach(() => writeTree(`${root}/repo`, FILES));

  it('takes a trailing slash and another scheme for another repository, as Argo CD does', async () => {
    for (const url of [`${URL}/`, 'ssh://git@git.example.com/team/apps.git', 'http://git.example.com/team/apps.git']) {
      expect(await errorFrom(byDirectory(url), '--git', `${URL}=${root}/repo`)).toMatchObject({
        code: 'GIT_NOT_GIVEN',
        message: expect.stringContaining(`; ${URL} is another repository to Argo CD`) as string,
      });
    }
  });

  it.each([
    'https://git.example.com/team/apps',
    'HTTPS://Git.Example.com/Team/Apps.git',
    ' https://git.example.com/team/apps.git ',
  ])('matches %j as Argo CD normalises URLs', async (url) => {
    expect(await namesFrom(byDirectory(url), '--git', `${URL}=${root}/repo`)).toEqual(['api', 'web']);
  });

  it('matches both spellings of an SSH address', async () => {
    const set = byDirectory('ssh://git@git.example.com/team/apps.git');
    expect(await namesFrom(set, '--git', `git@git.example.com:team/apps.git=${root}/repo`)).toEqual(['api', 'web']);
  });

  it('is named by the error of a set that needs a repository which is not given', async () => {
    const error = await errorFrom(
      byDirectory('https://user:pass@git.example.com/other.git'),
      '--git',
      `${URL}=${root}/repo`,
    );
    expect(error).toMatchObject({ code: 'GIT_NOT_GIVEN', path: 'spec.generators[0].git' });
    expect(error?.message).toContain('--git https://git.example.com/other.git=PATH');
  });

  it('may hold = in the URL and in the path', async () => {
    writeTree(`${root}/a=b`, FILES);
    const url = 'https://git.example.com/x?token=y=z';
    expect(await namesFrom(byDirectory(url), '--git', `${url}=${root}/a=b`)).toEqual(['api', 'web']);
  });

  it.each([['no-separator'], [`${URL}=/nonexistent`], [`${URL}=`]])('%s is wrong usage', async (word) => {
    expect((await fleetwright(['expand', '-f', '-', '--git', word], '')).code).toBe(2);
  });

  it('given twice for one repository is wrong usage', async () => {
    const { code, stderr } = await fleetwright(
      ['expand', '-f', '-', '--git', `${URL}=${root}`, '--git', `https://git.example.com/team/apps=${root}/repo`],
      '',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('twice');
  });
});
