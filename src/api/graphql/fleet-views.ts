import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { Evaluator } from '../../access/evaluator.js';
import { FleetStatusQueries } from '../../applications/fleet-status.queries.js';
import { FleetView } from './fleet-view.js';

@Injectable()
export class FleetViews {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly queries: FleetStatusQueries,
  ) {}

  viewOf(actor: Actor): FleetView {
    return new FleetView(actor, this.evaluator, this.queries);
  }
}
