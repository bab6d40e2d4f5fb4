import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { DocumentKind, type Admission } from '../documents/document-kind.js';
import { conflict, invalid } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { appProjectSchema, type AppProject } from './domain/app-project.js';
import { fieldsWithoutEffect } from './domain/fields-without-effect.js';
import { renderedSecretsFaults } from './domain/rendered-secrets.js';
import { projectFaults } from './domain/validate-project.js';

/** `default` can be edited and not deleted (argocd-behaviour.md 5.1). */
const DEFAULT_PROJECT = 'default';

@Injectable()
export class AppProjectKind extends DocumentKind {
  readonly names = {
    kind: 'AppProject',
    apiVersion: 'argoproj.io/v1alpha1',
    plural: 'projects',
    resource: 'projects',
  } as const;
  readonly schema = appProjectSchema;

  constructor(private readonly store: ObjectStore) {
    super();
  }

  projectOf(object: KubernetesObject): string {
    return object.metadata.name;
  }

  override async admit({ next }: Admission): Promise<string[]> {
    if (next.metadata.namespace !== CONTROL_NAMESPACE) {
      throw invalid('PROJECT_NAMESPACE', `projects live in namespace ${CONTROL_NAMESPACE} only`, [
        {
          path: 'metadata.namespace',
          message: 'not the control namespace',
          expected: CONTROL_NAMESPACE,
          got: next.metadata.namespace ?? '',
        },
      ]);
    }
    const { name, annotations } = next.metadata;
    const faults = [...projectFaults(name, (next as AppProject).spec), ...renderedSecretsFaults(annotations)];
    if (faults.length > 0)
      throw invalid(
        'INVALID_PROJECT',
        `project "${next.metadata.name}": ${faults[0]?.path}: ${faults[0]?.message}`,
        faults,
      );
    return fieldsWithoutEffect((next as AppProject).spec);
  }

  override async admitDelete(object: HubObject): Promise<void> {
    const { name } = object.metadata;
    if (name === DEFAULT_PROJECT) throw conflict('PROJECT_PROTECTED', 'the default project cannot be deleted');
    const using = await this.store.countInProject(name);
    if (using === 0) return;
    throw conflict(
      'PROJECT_IN_USE',
      `project "${name}" still holds ${using} objects`,
      'Delete or move them first: losing their project would freeze them.',
    );
  }
}
