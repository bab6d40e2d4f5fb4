import { Injectable } from '@nestjs/common';
import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import type { FastifyRequest } from 'fastify';
import { FleetError } from '../../kernel/errors.js';
import { ApiErrors } from '../errors/api-errors.js';
import { statusOf } from '../errors/status.js';

interface Failed {
  data?: unknown;
  errors?: readonly GraphQLError[] | null;
}

interface Answered {
  statusCode: number;
  response: { data: never; errors: never };
}

/** What GraphQL callers are told: our code, faults and hint in `extensions`, and nothing of a surprise. */
@Injectable()
export class GraphqlErrors {
  constructor(private readonly errors: ApiErrors) {}

  /** 400 for a query that is none, else 200, as GraphQL over HTTP has it. */
  format({ data, errors }: Failed, request: FastifyRequest): Answered {
    const all = (errors ?? []).flatMap(validationErrors);
    const response = { data: data ?? null, errors: all.map((error) => this.formatOne(error, request.id)) };
    const statusCode = data == null && all.every(isRequestFault) ? 400 : 200;
    return { statusCode, response: response as never };
  }

  private formatOne(error: GraphQLError, requestId: string): GraphQLFormattedError {
    if (isRequestFault(error)) {
      const { message, locations, extensions } = error.toJSON();
      return { message, ...(locations ? { locations } : {}), extensions: { code: 'GRAPHQL_INVALID', ...extensions } };
    }
    const known = this.errors.known(error.originalError, requestId);
    const { message, details } = statusOf(known);
    return { message, extensions: { ...details }, ...(error.path ? { path: error.path } : {}) };
  }
}

/** The library wraps the errors of an invalid query into one. */
function validationErrors(error: GraphQLError): readonly GraphQLError[] {
  const inner = (error.originalError as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(inner)) return [error];
  return inner.map((each: Error) => (each instanceof GraphQLError ? each : new GraphQLError(each.message)));
}

/** Thrown by GraphQL or the library about the request itself, not by a resolver. */
function isRequestFault({ originalError }: GraphQLError): boolean {
  if (originalError === undefined || originalError instanceof GraphQLError) return true;
  const { code } = originalError as { code?: unknown };
  return !(originalError instanceof FleetError) && typeof code === 'string' && code.startsWith('MER_');
}
