import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { RouteAccess } from '../../access/route-access.js';
import type { FleetGroup, FleetRow } from '../../applications/fleet-status.js';
import {
  ApplicationConnectionType,
  ApplicationSetConnectionType,
  ClusterConnectionType,
  ProjectConnectionType,
} from './connection.types.js';
import { ApplicationFilterInput, FleetFilterInput, PageArgs } from './fleet.args.js';
import { toApplication, toCluster, toFleetObject } from './fleet-mapping.js';
import { RollupBy, RollupType } from './fleet.types.js';
import type { FleetConnection, FleetView } from './fleet-view.js';

const FILTER = { type: () => FleetFilterInput, nullable: true };

/** The fleet's state, read only; what the asker may not see is neither listed nor counted. */
@Resolver()
export class FleetResolver {
  @Query(() => ClusterConnectionType)
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'clusters' })
  async clusters(
    @Context('fleet') fleet: FleetView,
    @Args() page: PageArgs,
    @Args('filter', FILTER) filter?: FleetFilterInput,
  ): Promise<ClusterConnectionType> {
    return mapped(await fleet.list('Cluster', page, filter), toCluster);
  }

  @Query(() => ApplicationConnectionType)
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'applications' })
  async applications(
    @Context('fleet') fleet: FleetView,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ApplicationFilterInput, nullable: true }) filter?: ApplicationFilterInput,
  ): Promise<ApplicationConnectionType> {
    return mapped(await fleet.list('Application', page, filter), toApplication);
  }

  @Query(() => ApplicationSetConnectionType)
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'applicationsets' })
  async applicationSets(
    @Context('fleet') fleet: FleetView,
    @Args() page: PageArgs,
    @Args('filter', FILTER) filter?: FleetFilterInput,
  ): Promise<ApplicationSetConnectionType> {
    return mapped(await fleet.list('ApplicationSet', page, filter), toFleetObject);
  }

  @Query(() => ProjectConnectionType)
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'projects' })
  async projects(
    @Context('fleet') fleet: FleetView,
    @Args() page: PageArgs,
    @Args('filter', FILTER) filter?: FleetFilterInput,
  ): Promise<ProjectConnectionType> {
    return mapped(await fleet.list('AppProject', page, filter), toFleetObject);
  }

  @Query(() => [RollupType])
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'applications' })
  async rollup(
    @Context('fleet') fleet: FleetView,
    @Args('by', { type: () => RollupBy }) by: FleetGroup,
  ): Promise<RollupType[]> {
    return fleet.rollups(by);
  }
}

function mapped<T>({ nodes, ...page }: FleetConnection, toNode: (row: FleetRow) => T): { nodes: T[] } & typeof page {
  return { ...page, nodes: nodes.map(toNode) };
}
