import { own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { badRequest, valueAt } from './admission.js';
import { resourceName, type KindDefinition } from './kind.js';

/** One term of a field selector: the field has this value, or has not. */
export interface FieldTerm {
  path: string;
  isEqual: boolean;
  value: string;
}

/** Fields beside name and namespace by which the API server selects. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'customresourcedefinitions.apiextensions.k8s.io': ['spec.group'],
};

/** Reads `a=b,c!=d`. Throws BAD_REQUEST on another form, or a field that objects of the kind are not selected by. */
export function parseFieldSelector(text: string, kind: KindDefinition): FieldTerm[] {
  const terms = text.split(/(?<!\\),/).filter((term) => term !== '');
  return terms.map((term) => {
    const [, path = '', operator, value = ''] = /^([^=!]+)(==?|!=)(.*)$/s.exec(term) ?? [];
    if (operator === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    if (!isSelectable(kind, path)) throw badRequest(`field label not supported: ${path}`);
    return { path, isEqual: operator !== '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') };
  });
}

function isSelectable(kind: KindDefinition, path: string): boolean {
  if (path === 'metadata.name' || (path === 'metadata.namespace' && kind.namespaced)) return true;
  const known = own(SELECTABLE, resourceName(kind)) as readonly string[] | undefined;
  return (known ?? kind.selectableFields ?? []).includes(path);
}

export function matchesFields(terms: readonly FieldTerm[], object: KubernetesObject): boolean {
  return terms.every(({ path, isEqual, value }) => (fieldText(object, path) === value) === isEqual);
}

/** A field as selectors compare it: an absent one is what Go's zero value prints. */
function fieldText(object: KubernetesObject, path: string): string {
  const found = path === 'source' ? valueAt(object, 'source.component') : valueAt(object, FIELDS[path] ?? path);
  if (found !== undefined && found !== null) return String(found);
  if (path === 'spec.hostNetwork' || path === 'spec.unschedulable') return 'false';
  return path === 'status.replicas' || path === 'status.successful' ? '0' : '';
}

const FIELDS: Readonly<Record<string, string>> = { 'status.successful': 'status.succeeded' };
