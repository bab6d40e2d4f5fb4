import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiErrors } from './api-errors.js';
import { sendFailure } from './send-failure.js';

/** Turns whatever a route threw into a Status; what a resolver threw is GraphQL's to answer (graphql-errors.ts). */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(private readonly errors: ApiErrors) {}

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType<GqlContextType>() === 'graphql') return thrown;
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return undefined;
    return sendFailure(reply, this.errors.statusOf(thrown, http.getRequest<FastifyRequest>().id));
  }
}
