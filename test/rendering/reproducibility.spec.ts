import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RenderOwner } from '../../src/rendering/domain/render-owner.js';
import type { RenderOutcome } from '../../src/rendering/source-renderer.js';
import { HAS_HELM } from '../support/helm.js';
import { RenderingFixture } from '../support/rendering.js';

const chartOf = (template: string) => ({
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/a.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {value: ${template}}\n`,
  'chart/templates/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
});
const WEB: RenderOwner = { uid: 'uid-web', name: 'argocd/web' };
const OTHER: RenderOwner = { uid: 'uid-other', name: 'argocd/other' };

let fixture: RenderingFixture;

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

const renderFor = (owner: RenderOwner): Promise<RenderOutcome> =>
  fixture.renderAll([fixture.sourceAt('chart')], { owner });

describe.skipIf(!HAS_HELM)('a chart whose output varies', () => {
  it.each([
    ['random text', '{{ randAlphaNum 20 | quote }}'],
    ['a certificate', '{{ (genCA "ca" 30).Cert | b64enc | quote }}'],
    ['the time', 'at-{{ now.UnixNano }}'],
  ])('by %s is kept for its Application, shared with none and warned about', async (_name, template) => {
    await fixture.repository.commit(chartOf(template));
    const first = await renderFor(WEB);
    expect(first.keptFor).toEqual(WEB);
    expect(first.warnings).toEqual([expect.stringMatching(/^NOT_REPRODUCIBLE: .* in \/Secret\/\/a;/)]);
    expect((await renderFor(WEB)).digest).toBe(first.digest);
    const other = await renderFor(OTHER);
    expect(other.keptFor).toEqual(OTHER);
    expect(other.digest).not.toBe(first.digest);
    expect((await renderFor(WEB)).digest).toBe(first.digest);
    expect(fixture.metrics.varied).toBe(2);
  });

  it('is one for each Application too where many are rendered in one moment, or at once', async () => {
    await fixture.repository.commit(chartOf('{{ randAlphaNum 20 | quote }}'));
    const render = fixture.source.forOneMoment();
    const request = (owner: RenderOwner) => ({ ...fixture.requestOf([fixture.sourceAt('chart')]), owner });
    const results = await Promise.all([WEB, OTHER, WEB, OTHER].map((owner) => render(request(owner))));
    const digests = results.map((result) => result.ok && result.value.digest);
    expect(digests[0]).toBe(digests[2]);
    expect(digests[1]).toBe(digests[3]);
    expect(digests[0]).not.toBe(digests[1]);
    expect(await Promise.all([WEB, OTHER].map(async (owner) => (await renderFor(owner)).digest))).toEqual(
      digests.slice(0, 2),
    );
  });

  it('is rendered anew when an input changes, and once it is forgotten', async () => {
    await fixture.repository.commit(chartOf('{{ randAlphaNum 20 | quote }}'));
    const first = await renderFor(WEB);
    await fixture.repository.commit({ 'chart/values.yaml': 'color: red\n' });
    const changed = await renderFor(WEB);
    expect(changed.digest).not.toBe(first.digest);
    await fixture.store.forget('uid-web');
    expect((await renderFor(WEB)).digest).not.toBe(changed.digest);
  });
});

describe.skipIf(!HAS_HELM)('a chart whose output does not vary', () => {
  it('is rendered twice when it is new, and shared by all from then on', async () => {
    await fixture.repository.commit(chartOf('fixed'));
    const first = await renderFor(WEB);
    expect(first).toMatchObject({ warnings: [], sensitive: true });
    expect(first.keptFor).toBeUndefined();
    expect((await renderFor(OTHER)).digest).toBe(first.digest);
    expect(fixture.metrics).toMatchObject({ inputs: ['Helm'], runs: 2, shared: 1, varied: 0 });
  });
});

it('renders plain manifests once', async () => {
  await fixture.repository.commit({ 'chart/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n' });
  await renderFor(WEB);
  expect(fixture.metrics).toMatchObject({ inputs: ['Directory'], runs: 1, varied: 0 });
});
