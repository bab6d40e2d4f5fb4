import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitRepository } from '../support/git-server.js';
import { project } from '../support/documents.js';
import { HAS_HELM } from '../support/helm.js';
import { eventually, World } from '../support/world.js';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'color: red\n',
  'chart/templates/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  color: {{ .Values.color }}
  widgets: "{{ .Capabilities.APIVersions.Has "example.com/v1/Widget" }}"
`,
};
const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget, listKind: WidgetList }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;

const application = (name: string, sources: object[]): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name },
  spec: {
    project: 'team-a',
    destination: { name: 'c1', namespace: 'shop' },
    sources,
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
  },
});

describe.skipIf(!HAS_HELM)('a chart with the values of another repository', () => {
  let world: World;
  let values: GitRepository;
  beforeAll(async () => {
    world = await World.start(['c1']);
    values = await world.git.repository('values');
    await world.repository.commit({ ...CHART, 'definitions/widgets.yaml': DEFINITION });
    await values.commit({ 'prod/shop.yaml': 'color: green\n' });
    const chart = { repoURL: world.repository.url, path: 'chart', helm: { valueFiles: ['$values/prod/shop.yaml'] } };
    await world.admin.apply(project('team-a'));
    await world.admin.apply(JSON.stringify(application('shop', [chart, { repoURL: values.url, ref: 'values' }])));
  });
  afterAll(() => world.stop());

  const settings = () =>
    world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'shop' })?.['data'];
  const become = (wanted: object) =>
    eventually(`the chart's settings to be ${JSON.stringify(wanted)}`, async () => {
      const found = settings();
      return [JSON.stringify(found) === JSON.stringify(wanted), found];
    });

  it('is rendered, delivered and healthy', async () => {
    await world.converged('shop');
    expect(settings()).toEqual({ color: 'green', widgets: 'false' });
    const { status } = await world.get('applications', 'shop');
    expect(status).toMatchObject({ source: { type: 'Helm', sources: [{}, { repoURL: values.url }] } });
  });

  it('follows a push to the repository of its values', async () => {
    await values.commit({ 'prod/shop.yaml': 'color: blue\n' });
    await world.admin.post('/api/v1/applications/shop/refresh');
    await become({ color: 'blue', widgets: 'false' });
  });

  it('is rendered again when its cluster serves an API that it asks for', async () => {
    const definitions = { repoURL: world.repository.url, path: 'definitions' };
    await world.admin.apply(JSON.stringify(application('definitions', [definitions])));
    await become({ color: 'blue', widgets: 'true' });
  });

  it('keeps what runs while its values cannot be read', async () => {
    await values.commit({ 'prod/shop.yaml': null });
    await world.admin.post('/api/v1/applications/shop/refresh');
    await eventually('the Application to say what is missing', async () => {
      const { status } = await world.get('applications', 'shop');
      return [JSON.stringify(status?.conditions ?? []).includes('PATH_NOT_FOUND'), status];
    });
    expect(settings()).toEqual({ color: 'blue', widgets: 'true' });
  });
});
