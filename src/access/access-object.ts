export const RESOURCES = [
  'clusters',
  'projects',
  'applicationsets',
  'applications',
  'repositories',
  'secretstoresets',
  'approvals',
  'tokens',
  'audit',
] as const;
export type Resource = (typeof RESOURCES)[number];

export const VERBS = ['get', 'list', 'watch', 'create', 'update', 'delete', 'sync', 'approve', 'override'] as const;
export type Verb = (typeof VERBS)[number];

/** What is touched. `project` is the project it belongs to, absent for what belongs to none (most clusters). */
export interface AccessObject {
  project?: string;
  name: string;
  namespace?: string;
}

/** Objects in this namespace are written without it in policies (argocd-behaviour.md 6.2). */
export const CONTROL_NAMESPACE = 'argocd';

/** Policies have one word for reading: `get` grants lists and watches of the same objects. */
export function policyAction(verb: Verb): string {
  return verb === 'list' || verb === 'watch' ? 'get' : verb;
}

/** How a policy's object column spells objects of a resource. */
export type ObjectSpelling = 'name' | 'project/name' | 'project/namespace/name';

export function spellingOf(resource: Resource): ObjectSpelling {
  switch (resource) {
    case 'projects':
      return 'name';
    case 'clusters':
    case 'repositories':
    case 'tokens':
    case 'approvals':
    case 'audit':
      return 'project/name';
    case 'applications':
    case 'applicationsets':
    case 'secretstoresets':
      return 'project/namespace/name';
  }
}

/** The text that policy objects are matched against; an object of no project is its bare name. */
export function objectText(resource: Resource, object: AccessObject): string {
  const spelling = spellingOf(resource);
  const { project = '', namespace = '', name } = object;
  if (spelling === 'name' || project === '') return name;
  const foreign = namespace !== '' && namespace !== CONTROL_NAMESPACE;
  return spelling === 'project/namespace/name' && foreign ? `${project}/${namespace}/${name}` : `${project}/${name}`;
}

/** The project whose rules govern the object: its own for a project, else the one it belongs to. */
export function projectOf(resource: Resource, object: AccessObject): string | undefined {
  return resource === 'projects' ? object.name : object.project;
}
