import { Injectable } from '@nestjs/common';
import { PolicySource } from '../access/policy-source.js';
import type { RolePolicies } from '../access/domain/role-policies.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { AppProjectSpec, ProjectRole } from './domain/app-project.js';
import { renderedSecretsOf, type RenderedSecrets } from './domain/rendered-secrets.js';

export interface ProjectInfo {
  uid: string;
  name: string;
  resourceVersion: string;
  spec: AppProjectSpec;
  renderedSecrets: RenderedSecrets;
}

type StoredProject = HubObject<AppProjectSpec>;

/** Projects as pipelines and the evaluator read them; they live in the control namespace only. */
@Injectable()
export class ProjectReader extends PolicySource {
  private readonly roles = new Map<string, { version: string; policies: readonly RolePolicies[] }>();

  constructor(private readonly store: ObjectStore) {
    super();
  }

  async all(): Promise<ReadonlyMap<string, ProjectInfo>> {
    const stored = await this.store.all<StoredProject>('AppProject');
    return new Map(stored.map(({ object }) => [object.metadata.name, toInfo(object)]));
  }

  async find(name: string): Promise<ProjectInfo | undefined> {
    const stored = await this.store.find<StoredProject>({ kind: 'AppProject', namespace: CONTROL_NAMESPACE, name });
    return stored && toInfo(stored.object);
  }

  /** Those of these projects that exist, by name. */
  async named(names: readonly string[]): Promise<ReadonlyMap<string, ProjectInfo>> {
    const places = names.map((name) => ({ namespace: CONTROL_NAMESPACE, name }));
    const stored = await this.store.named<StoredProject>('AppProject', places);
    return new Map(stored.map(({ object }) => [object.metadata.name, toInfo(object)]));
  }

  /** The same list for an unchanged project, so that the evaluator knows what it has compiled already. */
  async policiesOf(project: string): Promise<readonly RolePolicies[]> {
    const found = await this.find(project);
    if (!found) return [];
    const version = `${found.uid} ${found.resourceVersion}`;
    const known = this.roles.get(project);
    if (known?.version === version) return known.policies;
    const policies = (found.spec.roles ?? []).map(rolePolicies);
    this.roles.set(project, { version, policies });
    return policies;
  }
}

function rolePolicies({ name, policies, groups }: ProjectRole): RolePolicies {
  return { role: name, policies: policies ?? [], groups: groups ?? [] };
}

function toInfo(object: StoredProject): ProjectInfo {
  const { uid, name, resourceVersion, annotations } = object.metadata;
  return { uid, name, resourceVersion, spec: object.spec, renderedSecrets: renderedSecretsOf(annotations) };
}
