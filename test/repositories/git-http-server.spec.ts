import { describe, expect, it } from 'vitest';
import { GitHttpServer, requireGitHttpBackend } from '../../src/repositories/git-http-server.js';
import { GitServer } from '../support/git-server.js';

describe('the Git server', () => {
  it('says what is missing where git is not installed', () => {
    const missing = expect.objectContaining({ code: 'GIT_MISSING' });
    expect(() => requireGitHttpBackend('/nonexistent')).toThrow(missing);
    expect(() => requireGitHttpBackend()).not.toThrow();
  });

  it('serves nothing outside its folder', async () => {
    const server = await GitServer.start();
    for (const path of [
      '/../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/absent.git/info/refs?service=git-upload-pack',
      '/%',
    ]) {
      expect((await fetch(`${server.url}${path}`)).ok).toBe(false);
    }
    await server.close();
  });

  it('does not start twice on one port', async () => {
    const first = new GitHttpServer({ root: '/nonexistent' });
    const port = Number(new URL(await first.listen()).port);
    await expect(new GitHttpServer({ root: '/nonexistent', port }).listen()).rejects.toThrow(/EADDRINUSE/);
    await first.close();
  });
});
