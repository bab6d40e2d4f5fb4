import { Controller, Get } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { CurrentActor } from '../auth/request-actor.js';

@Controller('api/v1/whoami')
export class WhoAmIController {
  /** The bearer of the token that asks. */
  @Get()
  @RouteAccess({ kind: 'user' })
  whoAmI(@CurrentActor() actor: Actor): Actor {
    return actor;
  }
}
