import {
  CLUSTERS,
  type ApplicationSpec,
  type ClusterName,
  type Edit,
  type SetSpec,
  type StoresSpec,
} from './history.js';

/**
 * All that people have said: documents, labels, repository. The reference model reads nothing else, and shares no code
 * with the product: it says in a page what a fleet must hold.
 */
export interface Wishes {
  sets: ReadonlyMap<string, SetSpec>;
  applications: ReadonlyMap<string, ApplicationSpec>;
  /** Applications whose documents come from the repository. */
  children: ReadonlyMap<string, ApplicationSpec>;
  stores: ReadonlyMap<string, StoresSpec>;
  labels: ReadonlyMap<string, string>;
  denied: ClusterName | null;
  /** Directory → object → value. */
  files: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `<cluster>/<application>`: what was left behind there on purpose, by a move or without cascade. */
  left: ReadonlySet<string>;
  /** Places that ever held something left behind: objects there beyond what is wanted are nobody's concern. */
  loose: ReadonlySet<string>;
  /** Places that Applications had since all was at rest. */
  past: ReadonlySet<string>;
}

export const NO_WISHES: Wishes = {
  sets: new Map(),
  applications: new Map(),
  children: new Map(),
  stores: new Map(),
  labels: new Map(),
  denied: null,
  files: new Map(),
  left: new Set(),
  loose: new Set(),
  past: new Set(),
};

export interface WantedApplication {
  name: string;
  cluster: ClusterName;
  directory: string;
  cascades: boolean;
}

/**
 * What the fleet must hold. Keys are `<cluster>/<application>/<object>`; an Application has its own namespace. Of a store
 * they are `<cluster>/<set>-on-<cluster>/store`.
 */
export interface Wanted {
  objects: ReadonlyMap<string, string>;
  /** Applications whose source is not there or whose place is forbidden: they stay as they are. */
  unsettled: ReadonlySet<string>;
  loose: ReadonlySet<string>;
}

export function afterEdit(wishes: Wishes, edit: Edit): Wishes {
  const next = edited(wishes, edit);
  const before = new Map(applicationsOf(wishes).map((each) => [each.name, each]));
  const after = new Map(applicationsOf(next).map((each) => [each.name, each]));
  const left = new Set(wishes.left);
  const loose = new Set(wishes.loose);
  const past = new Set([...wishes.past, ...[...before.values()].map(({ name, cluster }) => placeOf(cluster, name))]);
  for (const { name, cluster, cascades } of before.values()) {
    const now = after.get(name);
    // A move that still waited goes with its Application.
    if (!now && cascades) for (const on of CLUSTERS) left.delete(placeOf(on, name));
    const stays = now ? now.cluster !== cluster : !cascades;
    if (!stays) continue;
    left.add(placeOf(cluster, name));
    loose.add(placeOf(cluster, name));
  }
  for (const { name, cluster } of after.values()) {
    left.delete(placeOf(cluster, name));
    // Whoever looks only now sees a move, whatever was wished in between.
    for (const on of CLUSTERS) if (on !== cluster && past.has(placeOf(on, name))) loose.add(placeOf(on, name));
  }
  return { ...next, left, loose, past };
}

/** All is as it is wished: what was wished before that is over. */
export function atRest(wishes: Wishes): Wishes {
  return { ...wishes, past: new Set() };
}

export function wantedOf(wishes: Wishes): Wanted {
  const objects = new Map<string, string>();
  const unsettled = new Set<string>();
  for (const { name, cluster, directory } of applicationsOf(wishes)) {
    const files = wishes.files.get(directory);
    if (files === undefined || cluster === wishes.denied) unsettled.add(name);
    else for (const [object, value] of files) objects.set(`${placeOf(cluster, name)}/${object}`, value);
  }
  for (const { key, name, cluster, region } of storesOf(wishes)) {
    if (cluster === wishes.denied) unsettled.add(name);
    else objects.set(key, region);
  }
  return { objects, unsettled, loose: wishes.loose };
}

/**
 * What must not disappear: what is wanted, and of what was protected before whatever stays as it is or was left behind.
 */
export function protectedBy(wishes: Wishes, before: ReadonlySet<string>): Set<string> {
  const { objects, unsettled } = wantedOf(wishes);
  const kept = [...before].filter((key) => {
    const [cluster = '', application = ''] = key.split('/');
    return unsettled.has(application) || wishes.left.has(`${cluster}/${application}`);
  });
  return new Set([...objects.keys(), ...kept]);
}

export function applicationsOf({ sets, applications, children, labels, files }: Wishes): WantedApplication[] {
  const solo = [...applications, ...children].map(([name, spec]) => ({ name, ...spec }));
  const generated = [...sets].flatMap(([name, spec]) => generatedBy(name, spec, { labels, files }));
  return [...solo, ...generated];
}

export function keyOfStore(set: string, cluster: string): string {
  return `${placeOf(cluster, `${set}-on-${cluster}`)}/store`;
}

function storesOf({ stores, labels }: Wishes) {
  return [...stores].flatMap(([set, { env, region }]) => {
    const clusters = CLUSTERS.filter((name) => labels.get(name) === env);
    return clusters.map((on) => ({ key: keyOfStore(set, on), name: `${set}-on-${on}`, cluster: on, region }));
  });
}

function generatedBy(
  set: string,
  { shape, env, cluster, directory }: SetSpec,
  { labels, files }: Pick<Wishes, 'labels' | 'files'>,
): WantedApplication[] {
  const clusters = CLUSTERS.filter((name) => labels.get(name) === env);
  const directories = [...files.keys()];
  const cascades = true;
  switch (shape) {
    case 'clusters':
      return clusters.map((name) => ({ name: `${set}-${name}`, cluster: name, directory, cascades }));
    case 'directories':
      return directories.map((name) => ({ name: `${set}-${name}`, cluster, directory: name, cascades }));
    case 'matrix':
      return clusters.flatMap((on) =>
        directories.map((name) => ({ name: `${set}-${on}-${name}`, cluster: on, directory: name, cascades })),
      );
  }
}

function edited(wishes: Wishes, edit: Edit): Wishes {
  switch (edit.edit) {
    case 'set':
      return { ...wishes, sets: withEntry(wishes.sets, edit.name, edit.spec) };
    case 'application':
      return { ...wishes, applications: withEntry(wishes.applications, edit.name, edit.spec) };
    case 'label':
      return { ...wishes, labels: withEntry(wishes.labels, edit.cluster, edit.env) };
    case 'project':
      return { ...wishes, denied: edit.denied };
    case 'push': {
      const files = withEntry(wishes.files.get(edit.directory) ?? new Map(), edit.object, edit.value);
      return { ...wishes, files: withEntry(wishes.files, edit.directory, files.size > 0 ? files : null) };
    }
    case 'stores':
      return { ...wishes, stores: withEntry(wishes.stores, edit.name, edit.spec) };
    case 'child':
      return { ...wishes, children: withEntry(wishes.children, edit.name, edit.spec) };
    case 'remove-directory':
      return { ...wishes, files: withEntry(wishes.files, edit.directory, null) };
  }
}

function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T | null): Map<string, T> {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
}

function placeOf(cluster: string, application: string): string {
  return `${cluster}/${application}`;
}
