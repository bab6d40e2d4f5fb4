import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RouteAccess } from '../../../access/route-access.js';
import type { Agent } from '../../../clusters/domain/agent.js';
import { AssertionVerifier } from './assertion-verifier.js';

/** The verified agent of a request under way. */
const AGENTS = new WeakMap<FastifyRequest, Agent>();

/** Lets joined agents in, each call by an assertion of its own. */
@Injectable()
export class AgentGuard implements CanActivate {
  constructor(private readonly assertions: AssertionVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    AGENTS.set(request, await this.assertions.verify(request.headers.authorization));
    return true;
  }
}

/** A route for joined agents. */
export const AgentRoute = (): MethodDecorator & ClassDecorator =>
  applyDecorators(RouteAccess({ kind: 'agent' }), UseGuards(AgentGuard));

/** The route that takes a join token, in its body. */
export const JoinRoute = (): MethodDecorator & ClassDecorator => RouteAccess({ kind: 'join-token' });

/** The agent that calls an AgentRoute. */
export const CallingAgent = createParamDecorator((_data: unknown, context: ExecutionContext): Agent => {
  const agent = AGENTS.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!agent) throw new Error('CallingAgent is used on a route that is no AgentRoute');
  return agent;
});
