import type { z } from 'zod';
import type { Resource } from '../access/access-object.js';
import type { Actor } from '../access/actor.js';
import type { HubObject, ObjectScope } from '../database/objects/hub-object.js';
import type { KubernetesObject } from '../kernel/object.js';

export interface KindNames {
  kind: string;
  apiVersion: string;
  /** As in URLs: `applications`. Also the word in policies, where the kind has one. */
  plural: string;
  resource: Resource;
}

/** A write on its way in, schema-checked and merged with what is stored, not yet authorised. */
export interface Admission {
  actor: Actor;
  next: KubernetesObject;
  previous?: HubObject;
}

/**
 * One kind of hub object: what it is called, what it may contain, whose it is, and what its feature has to say about a
 * write. Everything else (authorising, merging, versions, storing, audit) is the same for all kinds and lives in
 * DocumentsService.
 */
export abstract class DocumentKind {
  abstract readonly names: KindNames;

  /** The whole document beside its metadata; unknown keys become warnings, other issues faults. */
  abstract readonly schema: z.ZodType;

  /** The project whose policies decide about the object; undefined where only platform admins have rights. */
  abstract projectOf(object: KubernetesObject): string | undefined;

  /** Columns that filters and fan-out read. */
  async scopeOf(object: KubernetesObject): Promise<ObjectScope> {
    const project = this.projectOf(object);
    return project === undefined ? {} : { project };
  }

  /** Fills what the kind always carries (a default project, a fixed label) before anything is compared. */
  complete(object: KubernetesObject, _actor: Actor): KubernetesObject {
    return object;
  }

  /** Adds what a single reading shows and is stored elsewhere. Runs after the access check. */
  async present(object: HubObject, _actor: Actor): Promise<HubObject> {
    return object;
  }

  /** Refuses by throwing a FleetError; answers warnings. Runs after the access check, before the write. */
  async admit(_admission: Admission): Promise<string[]> {
    return [];
  }

  /** Refuses a deletion by throwing. */
  async admitDelete(_object: HubObject, _actor: Actor): Promise<void> {}
}
