import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { AccessObject, Resource } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import type { PlanReader } from './generated-view.js';

/** What one person may see of plans, asked once for many of them. */
export interface PlanReaders {
  /** Of a plan of this set. */
  of(set: AccessObject): PlanReader;
}

@Injectable()
export class PlanReading {
  constructor(private readonly evaluator: Evaluator) {}

  /** Applications are seen each by itself, whatever may be seen of their set. */
  async ofApplications(actor: Actor): Promise<PlanReaders> {
    const applications = await this.evaluator.filter(actor, 'get', 'applications');
    const sets = await this.evaluator.filter(actor, 'get', 'applicationsets');
    const seesFleet = applications.kind === 'all';
    return { of: (set) => ({ sees: applications.matches, seesSet: sets.matches(set), seesFleet }) };
  }

  /** What a set alone stands for, such as its stores, is seen by those who may see the set. */
  async ofSets(actor: Actor, resource: Resource): Promise<PlanReaders> {
    const sets = await this.evaluator.filter(actor, 'get', resource);
    return {
      of: (set) => {
        const seesSet = sets.matches(set);
        return { sees: () => seesSet, seesSet, seesFleet: sets.kind === 'all' };
      },
    };
  }
}
