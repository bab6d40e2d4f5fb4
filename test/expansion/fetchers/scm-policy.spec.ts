import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeptAnswers } from '../../../src/expansion/fetchers/kept-answers.js';
import { expandGenerators, parametersOf, refusalOf } from '../../support/expansion.js';
import { HeldClock } from '../../support/held-clock.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN, type RemoteWorld } from '../../support/remote-inputs.js';

let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const LIST = '/api/v4/projects/1/merge_requests';
const gitlab = (more: object = {}) => ({ pullRequest: { gitlab: { project: '1', api: server.url, ...more } } });
const reader = (world: RemoteWorld) => readerWith(remoteReader({ secrets: SECRETS, ...world }));

describe('what platform admins let generators ask (3.8)', () => {
  it('is nothing where providers are turned off', async () => {
    const refusal = await refusalOf(gitlab(), reader({ policy: { enabled: false } }));
    expect(refusal).toEqual({ code: 'SCM_DISABLED', path: 'spec.generators[0].pullRequest.gitlab' });
  });

  it('is what is listed, as written', async () => {
    const policy = { allowedProviders: [`${server.url}/`] };
    expect((await refusalOf(gitlab(), reader({ policy }))).code).toBe('SCM_NOT_ALLOWED');
    server.serve({ [LIST]: { body: [] } });
    expect(await parametersOf(gitlab({ api: `${server.url}/` }), reader({ policy }))).toEqual([]);
  });

  it('is every public server where nothing is listed, but none of this network', async () => {
    expect((await refusalOf(gitlab(), reader({ policy: { allowPrivate: false } }))).code).toBe('SCM_ADDRESS_REFUSED');
  });

  it('may be of this network where it is listed', async () => {
    server.serve({ [LIST]: { body: [] } });
    const policy = { allowPrivate: false, allowedProviders: [server.url] };
    expect(await parametersOf(gitlab({ tokenRef: TOKEN }), reader({ policy }))).toEqual([]);
  });

  it('gets no token where it is not listed', async () => {
    server.serve({ [LIST]: { body: [] } });
    expect((await refusalOf(gitlab({ tokenRef: TOKEN }), reader({}))).code).toBe('SCM_NOT_ALLOWED');
    expect(server.asked).toEqual([]);
  });

  it('gets a token of the namespace of the set, and an error where there is none', async () => {
    const refusal = await refusalOf(gitlab({ tokenRef: { ...TOKEN, key: 'other' } }), reader({}));
    expect(refusal.code).toBe('SCM_TOKEN_MISSING');
  });

  it.each(['', '.', '..'])('is not asked for a project named "%s"', async (project) => {
    expect((await refusalOf(gitlab({ project }), reader({}))).code).toBe('SCM_REFUSED');
  });

  it('is not asked under an address with credentials', async () => {
    const api = server.url.replace('http://', 'http://jane:pw@');
    expect((await refusalOf(gitlab({ api }), reader({}))).code).toBe('SCM_NOT_ALLOWED');
  });

  it('needs a provider that is known', async () => {
    expect(await refusalOf({ pullRequest: {} }, reader({}))).toEqual({
      code: 'PROVIDER_MISSING',
      path: 'spec.generators[0].pullRequest',
    });
    expect((await refusalOf({ scmProvider: { gitlab: { group: 'g' }, cloneProtocol: 'ftp' } }, reader({}))).code).toBe(
      'SCM_CLONE_PROTOCOL',
    );
  });
});

describe('answers of remote inputs', () => {
  const clock = new HeldClock();
  const answers = new KeptAnswers(clock);
  const run = (more: object = {}, refreshedAt = 0) =>
    expandGenerators([{ pullRequest: { ...gitlab().pullRequest, ...more } }], reader({ clock, answers, refreshedAt }));

  it('are kept for as long as the generator lets them, for every set that asks', async () => {
    server.serve({ [LIST]: { body: [] } });
    await run();
    await run({ values: { other: 'set' } });
    expect(server.asked).toHaveLength(1);
    clock.advance(1_799);
    await run();
    expect(server.asked).toHaveLength(2);
    clock.advance(30);
    await run({ requeueAfterSeconds: 20 });
    expect(server.asked).toHaveLength(3);
  });

  it('are asked for again after a refresh', async () => {
    server.serve({ [LIST]: { body: [] } });
    clock.advance(1);
    await run({}, clock.now().getTime());
    expect(server.asked).toHaveLength(1);
  });

  it('are not waited for longer than an expansion has time, and found by a later one', async () => {
    const slow = await ProviderServer.start();
    const entry = gitlab({ api: slow.url });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    slow.serve({ [LIST]: { after: held, body: [] } });
    const { errors } = await expandGenerators([entry], reader({ clock, answers, patienceMs: 50 }));
    expect(errors).toMatchObject([{ code: 'SCM_TIMEOUT' }]);
    release();
    await expect
      .poll(async () => (await expandGenerators([entry], reader({ clock, answers, patienceMs: 50 }))).errors)
      .toEqual([]);
    expect(slow.asked).toHaveLength(1);
    await slow.close();
  });

  it('are not kept where they failed', async () => {
    clock.advance(10_000);
    server.serve({ [LIST]: { status: 500 } });
    expect((await run()).errors).toMatchObject([{ code: 'SCM_UNREACHABLE' }]);
    server.serve({ [LIST]: { body: [] } });
    expect((await run()).errors).toEqual([]);
  });
});
