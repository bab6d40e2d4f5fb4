import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import type { AccessObject, Resource } from '../../access/access-object.js';
import { Evaluator } from '../../access/evaluator.js';
import { AuditReader } from '../../audit/audit-reader.js';
import type { LastWrite } from './application-why.js';

/** An object that an Application follows from. */
export interface WrittenObject extends AccessObject {
  kind: string;
  resource: Resource;
  /** Of the commit that wrote it as it stands. */
  position: string;
}

/** Who last wrote the documents that something follows from. */
@Injectable()
export class LastWrites {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly audit: AuditReader,
  ) {}

  /** Newest first; objects that the actor may not get are left out. `position` is that of what they led to. */
  async of(actor: Actor, objects: readonly WrittenObject[], position: string): Promise<LastWrite[]> {
    const writes: Omit<LastWrite, 'isLikelyCause'>[] = [];
    for (const object of objects) {
      const verdict = await this.evaluator.can(actor, 'get', object.resource, object);
      if (verdict.allowed) writes.push(await this.lastWrite(object));
    }
    writes.sort((left, right) => Number(right.position) - Number(left.position));
    const cause = writes.find((write) => Number(write.position) <= Number(position));
    return writes.map((write) => ({ ...write, isLikelyCause: write === cause }));
  }

  private async lastWrite({ kind, resource, namespace, name, position }: WrittenObject) {
    const object = `${namespace ?? ''}/${name}`;
    const entry = await this.audit.lastWrite(resource, object);
    const { actor, verb, at, requestId } = entry ?? {};
    return {
      object: `${kind} ${object}`,
      position,
      ...(actor === undefined ? {} : { actor }),
      ...(verb === undefined ? {} : { verb }),
      ...(at === undefined ? {} : { at }),
      ...(requestId == null ? {} : { requestId }),
    };
  }
}
