import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../access/actor.js';
import { FleetError } from '../../kernel/errors.js';

const actors = new WeakMap<FastifyRequest, Actor>();

export function rememberActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor);
}

/** Who asks, once the guard has let the request in. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request);
  if (actor) return actor;
  throw new FleetError('unauthenticated', 'UNAUTHENTICATED', 'this route needs an API token');
}

/** The request behind a route or a resolver. */
export function requestOf(context: ExecutionContext): FastifyRequest {
  if (context.getType<GqlContextType>() !== 'graphql') return context.switchToHttp().getRequest<FastifyRequest>();
  return GqlExecutionContext.create(context).getContext<{ reply: { request: FastifyRequest } }>().reply.request;
}

export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor =>
  actorOf(requestOf(context)),
);
