import { Injectable } from '@nestjs/common';
import { PolicySource } from '../access/policy-source.js';
import type { RolePolicies } from '../access/domain/role-policies.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { AppProjectSpec } from './domain/app-project.js';

export interface ProjectInfo {
  uid: string;
  name: string;
  resourceVersion: string;
  spec: AppProjectSpec;
}

type StoredProject = HubObject<AppProjectSpec>;

/** Projects as pipelines and the evaluator read them; they live in the control namespace only. */
@Injectable()
export class ProjectReader extends PolicySource {
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

  async policiesOf(project: string): Promise<readonly RolePolicies[]> {
    const roles = (await this.find(project))?.spec.roles ?? [];
    return roles.map(({ name, policies, groups }) => ({ role: name, policies: policies ?? [], groups: groups ?? [] }));
  }
}

function toInfo(object: StoredProject): ProjectInfo {
  const { uid, name, resourceVersion } = object.metadata;
  return { uid, name, resourceVersion, spec: object.spec };
}
