import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { HAS_HELM } from '../support/helm.js';
import { writeTree } from '../support/local-trees.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://git.example.com/team/apps.git';
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: nginx}]}}
`;

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-kustomize-cli-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(files: Record<string, string>, kustomize: object) {
  writeTree(`${root}/repo`, { 'app/deployment.yaml': DEPLOYMENT, ...files });
  const source = { repoURL: URL, path: 'app', targetRevision: 'v1', kustomize };
  const spec = { project: 'p', destination: { name: 'x', namespace: 'shop' }, source };
  const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec };
  writeFileSync(`${root}/application.json`, JSON.stringify(document));
  return runInProcess(['render', '-f', `${root}/application.json`, '--git', `${URL}=${root}/repo`, '-o', 'json']);
}

/** The objects, or the code of the refusal. */
async function rendered(text: string, kustomize: object, files: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(
    { 'app/kustomization.yaml': `resources: [deployment.yaml]\n${text}\n`, ...files },
    kustomize,
  );
  if (code !== 0) return /\(([A-Z_]+)\)\s*$/.exec(stderr)?.[1];
  return (JSON.parse(stdout) as { items: KubernetesObject[] }).items;
}

/** On the object, in its selector and in its template. */
const labelsOf = (objects: unknown): unknown => {
  const [deployment] = objects as {
    metadata: { labels?: object };
    spec: { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
  }[];
  const { metadata, spec } = deployment as NonNullable<typeof deployment>;
  return [metadata.labels, spec.selector.matchLabels, spec.template.metadata.labels];
};

// Each as `kustomize edit` 5.8 and a build after it have it.
describe('labels of an Application on a kustomization', () => {
  const web = { app: 'web' };
  const both = { app: 'web', team: 'b' };

  it.each([
    ['', {}, [{ team: 'b' }, both, both]],
    ['', { labelWithoutSelector: true }, [{ team: 'b' }, web, web]],
    ['', { labelWithoutSelector: true, labelIncludeTemplates: true }, [{ team: 'b' }, web, both]],
    ['labels: [{pairs: {q: z}}]', { labelWithoutSelector: true }, [{ team: 'b', q: 'z' }, web, web]],
    [
      'labels: [{pairs: {team: a}}]',
      { labelWithoutSelector: true, forceCommonLabels: true },
      [{ team: 'b' }, web, web],
    ],
    ['commonLabels: {team: a}', { forceCommonLabels: true }, [{ team: 'b' }, both, both]],
  ])('over "%s" with %j', async (text, options, expected) => {
    expect(labelsOf(await rendered(text, { commonLabels: { team: 'b' }, ...options }))).toEqual(expected);
  });

  it.each([
    ['labels: [{pairs: {team: a}}]', { labelWithoutSelector: true }],
    ['commonLabels: {team: b}', {}],
    ['', { labelIncludeTemplates: true }],
  ])('are refused over "%s" with %j', async (text, options) => {
    expect(await rendered(text, { commonLabels: { team: 'b' }, ...options })).toBe('KUSTOMIZE_OPTION_REFUSED');
  });
});

describe('variables in kustomize options', () => {
  it('are put into images and labels, and into annotations where that is asked for', async () => {
    const kustomize = {
      images: ['nginx=mirror/${ARGOCD_APP_NAME}:$ARGOCD_APP_NAMESPACE'],
      commonLabels: { of: '$ARGOCD_APP_NAME' },
      commonAnnotations: { at: '$ARGOCD_APP_SOURCE_PATH' },
    };
    const [plain] = (await rendered('', kustomize)) as KubernetesObject[];
    expect(plain?.metadata).toMatchObject({ labels: { of: 'web' }, annotations: { at: '$ARGOCD_APP_SOURCE_PATH' } });
    expect(JSON.stringify(plain)).toContain('"mirror/web:shop"');
    const [substituted] = (await rendered('', { ...kustomize, commonAnnotationsEnvsubst: true })) as KubernetesObject[];
    expect(substituted?.metadata.annotations).toMatchObject({ at: 'app' });
  });
});

describe('components of an Application', () => {
  const COMPONENT = {
    'parts/one/kustomization.yaml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nnamePrefix: one-\n',
  };
  const nameOf = (objects: unknown) => (objects as KubernetesObject[])[0]?.metadata.name;

  it('are added once each, and missing ones are passed over where that is asked for', async () => {
    const components = ['../parts/one', '../parts/one', '../parts/none', '../../out'];
    expect(nameOf(await rendered('', { components: components.slice(0, 2) }, COMPONENT))).toBe('one-web');
    expect(nameOf(await rendered('', { components, ignoreMissingComponents: true }, COMPONENT))).toBe('one-web');
    expect(await rendered('', { components: components.slice(0, 3) }, COMPONENT)).toBe('PATH_NOT_FOUND');
  });
});

describe('plugins of a kustomization', () => {
  const prefix =
    'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: from-plugin-\nfieldSpecs: [{path: metadata/name}]\n';
  const patch = 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: http://127.0.0.1/x\n';

  it('may be built in, and listed by a directory of them', async () => {
    const files = { 'app/plugins/kustomization.yaml': 'resources: [p.yaml]\n', 'app/plugins/p.yaml': prefix };
    const [object] = (await rendered('transformers: [plugins]', {}, files)) as KubernetesObject[];
    expect(object?.metadata.name).toBe('from-plugin-web');
  });

  it.each([
    ['resources: [p.yaml]\n', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['resources: [p.yaml]\nnamePrefix: a-\n', 'SOURCE_TYPE_NOT_SUPPORTED'],
    ['resources: [.]\n', 'KUSTOMIZE_FAILED'],
  ])('are looked through there too: %s', async (kustomization, code) => {
    const files = { 'app/plugins/kustomization.yaml': kustomization, 'app/plugins/p.yaml': patch };
    expect(await rendered('transformers: [plugins]', {}, files)).toBe(code);
  });
});

describe.skipIf(!HAS_HELM)('charts in a kustomization', () => {
  const CHART = {
    'app/charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'app/charts/web/values.yaml': 'color: red\n',
    'app/charts/web/templates/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  color: "{{ .Values.color }}"
  kube: "{{ .Capabilities.KubeVersion }} {{ .Capabilities.APIVersions.Has "x.io/v1" }}"
`,
  };

  it('are inflated from the repository, for the cluster that is described', async () => {
    const kustomization = 'helmCharts: [{name: web, releaseName: front, valuesInline: {color: blue}}]\n';
    const options = { kubeVersion: '1.31.0', apiVersions: ['x.io/v1'] };
    const { code, stdout } = await run({ 'app/kustomization.yaml': kustomization, ...CHART }, options);
    expect(code).toBe(0);
    const [object] = (JSON.parse(stdout) as { items: KubernetesObject[] }).items;
    expect(object).toMatchObject({
      metadata: { name: 'front', namespace: 'shop' },
      data: { color: 'blue', kube: 'v1.31.0 true' },
    });
  });

  it('are never downloaded', async () => {
    const remote = 'helmCharts: [{name: other, repo: "http://127.0.0.1:9/charts", version: 1.0.0}]\n';
    const { stderr } = await run({ 'app/kustomization.yaml': remote, ...CHART }, {});
    expect(stderr).toMatch(/"other".*127\.0\.0\.1.*\(KUSTOMIZE_REMOTE_REFUSED\)/);
  });
});
