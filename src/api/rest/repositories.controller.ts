import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { DeclaredRepositoriesService } from '../../repositories/declared-repositories.service.js';
import { CurrentActor } from '../auth/request-actor.js';

/** Repository Secrets without their data, and whether they let the hub in. */
@Controller('api/v1/repositories')
export class RepositoriesController {
  constructor(private readonly repositories: DeclaredRepositoriesService) {}

  @Get()
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'repositories' })
  async list(@CurrentActor() actor: Actor): Promise<object> {
    return { items: await this.repositories.list(actor) };
  }

  @Post(':name/check')
  @HttpCode(200)
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'repositories' })
  async check(@CurrentActor() actor: Actor, @Param('name') name: string): Promise<object> {
    return this.repositories.check(actor, name);
  }
}
