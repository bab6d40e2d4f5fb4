import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FleetStatusQueries } from '../../applications/fleet-status.queries.js';
import { AuthModule } from '../auth/auth.module.js';
import { RequestAuthenticator } from '../auth/request-authenticator.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { FleetResolver } from './fleet.resolver.js';
import { FleetViews } from './fleet-views.js';
import { GraphqlErrors } from './graphql-errors.js';
import { ApplicationSetFields, ClusterFields, ProjectFields } from './group-fields.js';
import { queryCostRule } from './query-cost.js';

const MAX_TOKENS = 5_000;

@Module({
  imports: [ErrorsModule, AuthModule],
  providers: [FleetStatusQueries, FleetViews, GraphqlErrors],
  exports: [FleetViews, GraphqlErrors, AuthModule],
})
class FleetGraphqlParts {}

/** Fleet status under /graphql. Everyone, introspection included, needs a token; every query is weighed before it runs. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      imports: [FleetGraphqlParts],
      inject: [RequestAuthenticator, FleetViews, GraphqlErrors],
      useFactory: (requests: RequestAuthenticator, views: FleetViews, errors: GraphqlErrors) => ({
        path: '/graphql',
        autoSchemaFile: true,
        sortSchema: true,
        graphiql: false,
        cache: false, // the cost of a query depends on its variables
        context: async (request: FastifyRequest) => ({ fleet: views.viewOf(await requests.authenticate(request)) }),
        graphql: { parseOptions: { maxTokens: MAX_TOKENS } },
        validationRules: ({ variables }) => [queryCostRule(variables ?? {})],
        errorFormatter: (execution, context) =>
          errors.format(execution, (context as unknown as { reply: FastifyReply }).reply.request),
      }),
    }),
  ],
  providers: [FleetResolver, ClusterFields, ApplicationSetFields, ProjectFields],
})
export class FleetGraphqlModule {}
