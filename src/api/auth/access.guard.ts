import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RouteAccess } from '../../access/route-access.js';
import { FleetError } from '../../kernel/errors.js';
import { requestOf } from './request-actor.js';
import { RequestAuthenticator } from './request-authenticator.js';

/** Lets nobody in where a route declares nothing. Agents and joining clusters are proven by the gateway's own guards. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly requests: RequestAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride(RouteAccess, [context.getHandler(), context.getClass()]);
    if (!rule) throw new FleetError('forbidden', 'ROUTE_CLOSED', 'this route declares no access and stays closed');
    if (rule.kind === 'user') await this.requests.authenticate(requestOf(context));
    return true;
  }
}
