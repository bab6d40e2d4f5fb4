import { digestJson } from '../../kernel/digest.js';
import { jsonEqual } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change } from '../cluster-store.js';
import { record } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import { CONTROLLER_MANAGER, controlledBy, controllerReference, Orphans } from './owned-objects.js';

/** The pod templates that a StatefulSet or DaemonSet has had, as ControllerRevisions: what `rollout undo` goes back to. */
export class Revisions {
  private readonly kind: KindDefinition;
  private readonly orphans: Orphans;

  /** `hashLabel` is where a revision carries its hash. */
  constructor(
    private readonly parts: ControllerParts,
    private readonly hashLabel: string,
  ) {
    this.kind = parts.registry.require('apps/v1', 'ControllerRevision');
    this.orphans = new Orphans(parts, this.kind);
  }

  onChange(change: Change): void {
    this.orphans.onChange(change);
  }

  /** The revision of the present template; made, or made the newest again, where it is not. */
  current(owner: KubernetesObject): KubernetesObject {
    const data = dataOf(owner);
    this.orphans.adoptBy(owner);
    const all = this.of(owner);
    const newest = Math.max(0, ...all.map(numberOf));
    const equal = all.find((revision) => jsonEqual(revision.data, data));
    if (equal === undefined) return this.create(owner, newest + 1);
    return numberOf(equal) === newest ? equal : this.renumber(equal, newest + 1);
  }

  /** The pod template that a revision holds; undefined when there is no such revision. */
  template(owner: KubernetesObject, name: string): unknown {
    const found = this.of(owner).find(({ metadata }) => metadata.name === name);
    if (found === undefined) return undefined;
    const { $patch: _directive, ...template } = record(record(record(found.data).spec).template);
    return template;
  }

  /** Deletes the oldest beyond the owner's limit that no pod is of. */
  cleanUp(owner: KubernetesObject, used: ReadonlySet<string>): void {
    const limit = Number(record(owner.spec).revisionHistoryLimit ?? 10);
    const idle = this.of(owner).filter(({ metadata }) => !used.has(metadata.name));
    const oldest = idle.sort((left, right) => numberOf(left) - numberOf(right));
    for (const revision of oldest.slice(0, Math.max(0, idle.length - limit))) {
      this.parts.deleter.delete(refOf(this.kind, revision), {});
    }
  }

  private of(owner: KubernetesObject): KubernetesObject[] {
    return controlledBy(this.parts, owner, 'ControllerRevision');
  }

  private create(owner: KubernetesObject, revision: number): KubernetesObject {
    const { namespace = '', annotations } = owner.metadata;
    const { labels } = record(record(record(owner.spec).template).metadata);
    const hash = digestJson(record(owner.spec).template).slice(-10);
    const name = `${owner.metadata.name}-${hash}`;
    const object = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace,
        labels: { ...(record(labels) as Record<string, string>), [this.hashLabel]: hash },
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [controllerReference(owner)],
      },
      data: dataOf(owner),
      revision,
    };
    const known = this.parts.store.get(this.kind, namespace, name);
    if (known !== undefined) return known;
    return this.parts.writer.create({ kind: this.kind, namespace, name }, object, { manager: CONTROLLER_MANAGER })
      .object;
  }

  private renumber(found: KubernetesObject, revision: number): KubernetesObject {
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, revision });
    return this.parts.writer.modify(refOf(this.kind, found), change, { manager: CONTROLLER_MANAGER }).object;
  }
}

/** A strategic merge patch that puts the template back. */
function dataOf({ spec }: KubernetesObject): object {
  return { spec: { template: { $patch: 'replace', ...record(record(spec).template) } } };
}

const numberOf = ({ revision }: KubernetesObject): number => Number(revision ?? 0);
