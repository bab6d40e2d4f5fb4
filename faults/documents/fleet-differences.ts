import { canonicalJson } from '../../src/kernel/json.js';
import type { KubernetesObject } from '../../src/kernel/object.js';

/** An Application as far as plans speak of it. */
export interface Seen {
  uid: string;
  deleting: boolean;
  content: string;
}

export function seenIn(applications: readonly KubernetesObject[]): Map<string, Seen> {
  return new Map(applications.map((application) => [application.metadata.name, seen(application)]));
}

/** What became of Applications: `<action> <name>`, sorted. */
export function differencesBetween(before: ReadonlyMap<string, Seen>, after: ReadonlyMap<string, Seen>): string[] {
  const found: string[] = [];
  for (const [name, then] of before) {
    const now = after.get(name);
    const isGone = now === undefined || now.uid !== then.uid || now.deleting;
    if (isGone && !then.deleting) found.push(`delete ${name}`);
    if (!isGone && now.content !== then.content) found.push(`update ${name}`);
  }
  for (const [name, now] of after) if (before.get(name)?.uid !== now.uid) found.push(`create ${name}`);
  return found.sort();
}

function seen({ metadata, ...rest }: KubernetesObject): Seen {
  const { uid = '', labels = {}, annotations = {}, deletionTimestamp } = metadata;
  const content = canonicalJson({ spec: rest['spec'], labels, annotations });
  return { uid, deleting: deletionTimestamp !== undefined, content };
}
