import type { SchemaType } from '../kubernetes/schema/field-shape.js';
import type { PrinterColumn } from './printing/defined-columns.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { MergeRules } from '../kubernetes/merge-rules.js';

/** One served kind of a virtual cluster, in one version. */
export interface KindDefinition {
  group: string;
  version: string;
  kind: string;
  /** The name in paths: `deployments`. */
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Whether status is written through its own subresource only. */
  hasStatus: boolean;
  /** Whether replicas are read and set through `scale`. */
  hasScale: boolean;
  /** Names of groups of kinds that `kubectl get` knows, such as `all`. */
  categories: readonly string[];
  /** Whether the API server counts generations of the spec. */
  hasGeneration: boolean;
  rules: MergeRules;
  /** What objects of a built-in kind may hold; a custom resource's definition says it in its own way. */
  type?: SchemaType;
  /** The structural schema of a custom resource, where its definition gives one. */
  schema?: Record<string, unknown>;
  /** Where a custom resource's `scale` finds replicas, as paths: `.spec.replicas`. */
  scalePaths?: { spec: string; status: string };
  /** Columns of a custom resource's table after the name; a built-in kind's are known. */
  printerColumns?: readonly PrinterColumn[];
  /** Fields of a custom resource that lists may select by, beside its name. */
  selectableFields?: readonly string[];
  /** Asked and answered, never stored: questions about rights. */
  isReview?: true;
  /** For a kind whose objects are stored as another's, and how one is told as the other. */
  twin?: KindTwin;
}

export interface KindTwin {
  of: KindDefinition;
  toStored(object: KubernetesObject): KubernetesObject;
  fromStored(object: KubernetesObject): KubernetesObject;
}

export const apiVersionOf = ({ group, version }: Pick<KindDefinition, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`, `pods`: a kind's store and the way messages name it, whatever the version. */
export const resourceName = ({ group, plural }: Pick<KindDefinition, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;
