import { Injectable } from '@nestjs/common';
import { DocumentKind, type Admission } from '../documents/document-kind.js';
import { FleetError, invalid } from '../kernel/errors.js';
import { groupOf, type KubernetesObject } from '../kernel/object.js';
import { permitsKind } from '../projects/domain/permits-kind.js';
import { ProjectReader } from '../projects/project.reader.js';
import { secretStoreSetSchema } from './domain/secret-store-set.schema.js';
import type { SecretStoreSet } from './domain/secret-store-set.js';

@Injectable()
export class SecretStoreSetKind extends DocumentKind {
  readonly names = {
    kind: 'SecretStoreSet',
    apiVersion: 'fleetwright.io/v1alpha1',
    plural: 'secretstoresets',
    resource: 'secretstoresets',
  } as const;
  readonly schema = secretStoreSetSchema;

  constructor(private readonly projects: ProjectReader) {
    super();
  }

  projectOf(object: KubernetesObject): string {
    return (object as SecretStoreSet).spec.project;
  }

  override async admit({ next }: Admission): Promise<string[]> {
    const { project: name, template } = (next as SecretStoreSet).spec;
    const project = await this.projects.find(name);
    if (!project) {
      throw invalid('PROJECT_UNKNOWN', `the set's project "${name}" does not exist`, [
        { path: 'spec.project', message: 'no such project', expected: 'an existing AppProject', got: name },
      ]);
    }
    const { kind, apiVersion } = template;
    const verdict = permitsKind(project.spec, {
      group: groupOf(apiVersion),
      kind,
      name: template.metadata.name,
      namespaced: kind === 'SecretStore',
    });
    if (!verdict.allowed) throw new FleetError('forbidden', 'NOT_PERMITTED', verdict.reason);
    return [];
  }
}
