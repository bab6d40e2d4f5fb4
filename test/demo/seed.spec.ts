import { beforeAll, describe, expect, it } from 'vitest';
import { applicationSchema } from '../../src/applications/domain/application.schema.js';
import type { Application, ApplicationSpec } from '../../src/applications/domain/application.js';
import { permitsApplication } from '../../src/applications/domain/permits-application.js';
import { applicationSetSchema } from '../../src/applicationsets/domain/application-set.schema.js';
import { overlayPath, readDocuments, readRepository, type Files } from '../../src/demo/seed.js';
import { applicationNames } from '../../src/demo/tenant-content.js';
import { NEWCOMER, roleOf, tenantMetadata, TENANTS } from '../../src/demo/tenants.js';
import { checkDocument, readEnvelope } from '../../src/documents/validate-document.js';
import type { ApplicationSetDocument } from '../../src/expansion/applicationset-document.js';
import { expandApplicationSet, expandDocuments, type DocumentSet } from '../../src/expansion/expand.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { appProjectSchema, type AppProject } from '../../src/projects/domain/app-project.js';
import { permitsKind } from '../../src/projects/domain/permits-kind.js';
import { projectFaults } from '../../src/projects/domain/validate-project.js';
import { secretStoreSetSchema } from '../../src/secret-stores/domain/secret-store-set.schema.js';
import { cluster, MemoryExpansionReader } from '../support/memory-expansion-reader.js';

const REPOSITORY = 'http://127.0.0.1:1234/fleet.git';
const SCHEMAS = {
  AppProject: appProjectSchema,
  Application: applicationSchema,
  ApplicationSet: applicationSetSchema,
  SecretStoreSet: secretStoreSetSchema,
};

let documents: KubernetesObject[] = [];
let files: Files = {};
let reader = new MemoryExpansionReader();

beforeAll(async () => {
  documents = parseYamlDocuments(await readDocuments(REPOSITORY)).map(readEnvelope);
  files = await readRepository(REPOSITORY, [...TENANTS, NEWCOMER]);
  const tenants = TENANTS.map((name) => {
    const { labels, annotations } = tenantMetadata(name);
    return cluster(name, labels, { annotations });
  });
  reader = new MemoryExpansionReader([...tenants, cluster(NEWCOMER)], { [REPOSITORY]: { ...files } });
});

function ofKind<T extends KubernetesObject>(kind: keyof typeof SCHEMAS): T[] {
  return documents.filter((document) => document.kind === kind) as T[];
}

function projectOf(spec: ApplicationSpec): AppProject['spec'] {
  const project = ofKind<AppProject>('AppProject').find(({ metadata }) => metadata.name === spec.project);
  if (!project) throw new Error(`no project ${spec.project}`);
  return project.spec;
}

/** Every Application that the documents stand for, those of the app of apps included. */
async function allApplications(): Promise<{ name: string; spec: ApplicationSpec }[]> {
  const sets = ofKind<ApplicationSetDocument & KubernetesObject>('ApplicationSet');
  const expanded = await Promise.all(sets.map((set) => expandApplicationSet(set, reader)));
  const generated = expanded.flatMap((expansion) => expansion.documents as unknown as Application[]);
  const paths = Object.keys(files).filter((path) => path.startsWith('apps/'));
  const children = paths.flatMap((path) => parseYamlDocuments(files[path] ?? '') as Application[]);
  return [...generated, ...children, ...ofKind<Application>('Application')].map(({ metadata, spec }) => ({
    name: metadata.name,
    spec,
  }));
}

describe('the seed documents', () => {
  it('pass the strict schemas of their kinds', () => {
    for (const document of documents) {
      const schema = SCHEMAS[document.kind as keyof typeof SCHEMAS];
      expect(checkDocument(document, schema, true).warnings).toEqual([]);
    }
    expect(new Set(documents.map(({ kind }) => kind))).toEqual(new Set(Object.keys(SCHEMAS)));
  });

  it('hold three projects without fault', () => {
    const projects = ofKind<AppProject>('AppProject');
    expect(projects.map(({ metadata }) => metadata.name)).toEqual(['platform', 'team-a', 'team-b']);
    expect(projects.flatMap(({ metadata, spec }) => projectFaults(metadata.name, spec))).toEqual([]);
  });

  it('name the repository by the address it is served at', async () => {
    expect(await readDocuments(REPOSITORY)).not.toContain('fleetwright.invalid/fleet.git');
    expect(Object.values(files).join()).not.toContain('fleetwright.invalid');
  });
});

describe('the seed sets', () => {
  it('expand without an error or a warning', async () => {
    for (const set of ofKind<ApplicationSetDocument & KubernetesObject>('ApplicationSet')) {
      const { errors, warnings } = await expandApplicationSet(set, reader);
      expect({ set: set.metadata.name, errors, warnings }).toEqual({
        set: set.metadata.name,
        errors: [],
        warnings: [],
      });
    }
  });

  it('give every labelled cluster its services, and none to the newcomer', async () => {
    const names = (await allApplications()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(TENANTS.flatMap(applicationNames)));
    expect(names.filter((name) => name.endsWith(NEWCOMER))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('stay inside their projects, with sources that the repository holds', async () => {
    for (const { name, spec } of await allApplications()) {
      const { destination, source } = spec;
      const place = { uid: 'u', name: destination.name ?? '', server: `https://${destination.name ?? ''}` };
      const namespace = destination.namespace ?? '';
      const verdict = permitsApplication(projectOf(spec), spec, {
        namespace: 'argocd',
        destination: { type: 'member', cluster: place, namespace },
        ownClusters: [],
      });
      expect({ name, ...verdict }).toMatchObject({ name, allowed: true });
      expect(Object.keys(files).some((path) => path.startsWith(`${source?.path ?? '?'}/`))).toBe(true);
    }
  });

  it('give every labelled cluster a store of its own', async () => {
    const [set] = ofKind<KubernetesObject & { spec: DocumentSet & { project: string } }>('SecretStoreSet');
    if (!set) throw new Error('no SecretStoreSet');
    const { documents: stores, errors, warnings } = await expandDocuments(set.spec, reader);
    expect([errors, warnings]).toEqual([[], []]);
    const roles = stores.map(({ document }) => /arn:[^"]+/.exec(JSON.stringify(document))?.[0]);
    expect(roles).toEqual(TENANTS.map(roleOf));
    const kind = { group: 'external-secrets.io', kind: 'ClusterSecretStore', name: 'x', namespaced: false };
    expect(permitsKind(projectOf({ project: 'platform' } as ApplicationSpec), kind).allowed).toBe(true);
  });
});

describe('the seed repository', () => {
  it('holds manifests that are documents', () => {
    for (const [path, text] of Object.entries(files)) {
      if (/kustomization|overlays/.test(path)) continue;
      expect(parseYamlDocuments(text).map(readEnvelope).length, path).toBeGreaterThan(0);
    }
  });

  it('holds an overlay for every tenant, in its own words', () => {
    expect(files[overlayPath('tenant-07', 'settings.yaml')]).toContain('Welcome to tenant-07');
    expect(Object.values(files).join()).not.toContain('tenant-00');
  });
});
