import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { DocumentKind, type Admission } from '../documents/document-kind.js';
import { invalid, type FleetError } from '../kernel/errors.js';
import type { HubObject } from '../database/objects/hub-object.js';
import type { JsonObject } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { ProjectReader } from '../projects/project.reader.js';
import { applicationSetSchema } from './domain/application-set.schema.js';
import type { ApplicationSet } from './domain/application-set.js';
import { SET_FINALIZER } from './domain/removal-order.js';
import { deletesInReverse } from './domain/rollout/rolling-strategy.js';
import { ownerProject, PROJECT_ANNOTATION } from './domain/owner-project.js';
import { ignoredDifferences } from './domain/set-policy.js';
import { SetMembers } from './set-members.js';

/** Of `status.resources` when a set is read by itself. */
const FIRST_PAGE = 100;

@Injectable()
export class ApplicationSetKind extends DocumentKind {
  readonly names = {
    kind: 'ApplicationSet',
    apiVersion: 'argoproj.io/v1alpha1',
    plural: 'applicationsets',
    resource: 'applicationsets',
  } as const;
  readonly schema = applicationSetSchema;

  constructor(
    private readonly projects: ProjectReader,
    private readonly members: SetMembers,
  ) {
    super();
  }

  projectOf(object: KubernetesObject): string | undefined {
    return ownerProject(object);
  }

  /** A platform admin's set that names no owner belongs to `default`, and says so from then on; another's is refused. */
  override complete(object: KubernetesObject, actor: Actor): KubernetesObject {
    const set = withRemovalFinalizer(object as ApplicationSet);
    if (ownerProject(set) !== undefined) return set;
    if (!isPlatform(actor)) throw withoutOwner();
    const annotations = { ...set.metadata.annotations, [PROJECT_ANNOTATION]: 'default' };
    return { ...set, metadata: { ...set.metadata, annotations } };
  }

  /** With the first page of what it generated; the rest is at `…/resources` and `…/applicationstatus`. */
  override async present(object: HubObject, actor: Actor): Promise<HubObject> {
    const { resources, applicationStatus } = await this.members.page(actor, object.metadata.uid, { limit: FIRST_PAGE });
    const rollout = applicationStatus.length > 0 ? { applicationStatus } : {};
    return { ...object, status: { ...object.status, resources, ...rollout } as unknown as JsonObject };
  }

  override async admit({ next }: Admission): Promise<string[]> {
    const owner = ownerProject(next) ?? '';
    refuseUnreadableIgnores(next as ApplicationSet);
    if (await this.projects.find(owner)) return [];
    throw invalid('PROJECT_UNKNOWN', `the set's project "${owner}" does not exist`, [
      {
        path: 'spec.template.spec.project',
        message: 'no such project',
        expected: 'an existing AppProject',
        got: owner,
      },
    ]);
  }
}

/** Only platform admins write into `default`: what its Applications bring comes from them. */
function isPlatform(actor: Actor): boolean {
  return actor.type === 'token' ? actor.admin : actor.type === 'project' && actor.project === 'default';
}

function withoutOwner(): FleetError {
  const path = `metadata.annotations.${PROJECT_ANNOTATION}`;
  const message = `the template's project is templated: annotate the set with ${PROJECT_ANNOTATION}`;
  const fault = { path, message: 'is required when the template project is templated', expected: 'project name' };
  return invalid('SET_WITHOUT_OWNER', message, [{ ...fault, got: 'nothing' }]);
}

/** A set that deletes in order must outlive its Applications (argocd-behaviour.md 3.1 step 3). */
function withRemovalFinalizer(set: ApplicationSet): ApplicationSet {
  const { finalizers = [] } = set.metadata;
  if (!deletesInReverse(set.spec) || finalizers.includes(SET_FINALIZER)) return set;
  return { ...set, metadata: { ...set.metadata, finalizers: [...finalizers, SET_FINALIZER] } };
}

function refuseUnreadableIgnores({ spec }: ApplicationSet): void {
  const ignored = ignoredDifferences(spec);
  if (ignored.ok) return;
  const { code, path, message } = ignored.error;
  const expected = 'a jq path expression: members, items, [], .., |, commas and select(…)';
  throw invalid(code, `${path}: ${message}`, [{ path, message, expected }]);
}
