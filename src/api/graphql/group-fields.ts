import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { NestedArgs } from './fleet.args.js';
import { toApplication } from './fleet-mapping.js';
import { ApplicationSetType, ApplicationType, ClusterType, ProjectType, RollupType } from './fleet.types.js';
import type { FleetView } from './fleet-view.js';

/** Applications of each member of a list, read in batches. */
@Resolver(() => ClusterType)
export class ClusterFields {
  @ResolveField(() => RollupType)
  async rollup(@Parent() { name }: ClusterType, @Context('fleet') fleet: FleetView): Promise<RollupType> {
    return fleet.rollup('cluster', name);
  }

  @ResolveField(() => [ApplicationType])
  async applications(
    @Parent() { name }: ClusterType,
    @Context('fleet') fleet: FleetView,
    @Args() { first }: NestedArgs,
  ): Promise<ApplicationType[]> {
    return (await fleet.applicationsOf('cluster', name, first)).map(toApplication);
  }
}

@Resolver(() => ApplicationSetType)
export class ApplicationSetFields {
  @ResolveField(() => RollupType)
  async rollup(@Parent() set: ApplicationSetType, @Context('fleet') fleet: FleetView): Promise<RollupType> {
    return fleet.rollup('set', `${set.namespace}/${set.name}`);
  }

  @ResolveField(() => [ApplicationType])
  async applications(
    @Parent() { namespace, name }: ApplicationSetType,
    @Context('fleet') fleet: FleetView,
    @Args() { first }: NestedArgs,
  ): Promise<ApplicationType[]> {
    return (await fleet.applicationsOf('set', `${namespace}/${name}`, first)).map(toApplication);
  }
}

@Resolver(() => ProjectType)
export class ProjectFields {
  @ResolveField(() => RollupType)
  async rollup(@Parent() { name }: ProjectType, @Context('fleet') fleet: FleetView): Promise<RollupType> {
    return fleet.rollup('project', name);
  }
}
