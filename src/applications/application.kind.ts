import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { ClusterReader } from '../clusters/cluster-reader.js';
import { FleetClusters } from '../clusters/fleet-clusters.js';
import type { ObjectScope } from '../database/objects/hub-object.js';
import { DocumentKind, type Admission } from '../documents/document-kind.js';
import { FleetError, invalid } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { ProjectReader } from '../projects/project.reader.js';
import type { Application } from './domain/application.js';
import { applicationSchema } from './domain/application.schema.js';
import { resolveDestination } from './domain/destination.js';
import { fieldsWithoutEffect } from './domain/fields-without-effect.js';
import { permitsApplication } from './domain/permits-application.js';
import { sourceFault } from './domain/source-fault.js';

@Injectable()
export class ApplicationKind extends DocumentKind {
  readonly names = {
    kind: 'Application',
    apiVersion: 'argoproj.io/v1alpha1',
    plural: 'applications',
    resource: 'applications',
  } as const;
  readonly schema = applicationSchema;

  constructor(
    private readonly projects: ProjectReader,
    private readonly clusters: ClusterReader,
  ) {
    super();
  }

  /** An empty project is `default` (argocd-behaviour.md 4.1). */
  projectOf(object: KubernetesObject): string {
    const { project } = (object as Application).spec;
    return project === '' ? 'default' : project;
  }

  override async scopeOf(object: KubernetesObject): Promise<ObjectScope> {
    const resolved = resolveDestination((object as Application).spec.destination, await this.fleet());
    const cluster = resolved.ok && resolved.value.type === 'member' ? { cluster: resolved.value.cluster.name } : {};
    return { project: this.projectOf(object), ...cluster };
  }

  /** The first of the three gates: what a project forbids is not stored in the first place. */
  override async admit({ next, previous }: Admission): Promise<string[]> {
    const { spec } = next as Application;
    refuseSourceless(spec);
    const name = this.projectOf(next);
    const project = await this.projects.find(name);
    if (!project) {
      throw invalid('PROJECT_UNKNOWN', `application references project ${name} which does not exist`, [
        { path: 'spec.project', message: 'no such project', expected: 'an existing AppProject', got: name },
      ]);
    }
    const fleet = await this.fleet();
    const destination = resolveDestination(spec.destination, fleet);
    if (!destination.ok) {
      const { code, message } = destination.error;
      throw invalid(code, message, [{ path: 'spec.destination', message }]);
    }
    const verdict = permitsApplication(project.spec, spec, {
      namespace: next.metadata.namespace ?? CONTROL_NAMESPACE,
      destination: destination.value,
      ownClusters: fleet.ownedBy(name),
    });
    if (!verdict.allowed)
      throw new FleetError('forbidden', 'NOT_PERMITTED', verdict.reason, {
        hint: `Project "${name}" decides; its admins can widen it.`,
      });
    const moves = previous !== undefined && this.projectOf(previous) !== name;
    const warnings = fieldsWithoutEffect(spec);
    return moves
      ? [`the Application moves from project ${this.projectOf(previous)} to ${name}`, ...warnings]
      : warnings;
  }

  private async fleet(): Promise<FleetClusters> {
    return new FleetClusters(await this.clusters.all());
  }
}

function refuseSourceless(spec: Application['spec']): void {
  const fault = sourceFault(spec);
  if (fault !== undefined) throw invalid('SOURCE_INVALID', fault.message, [fault]);
}
