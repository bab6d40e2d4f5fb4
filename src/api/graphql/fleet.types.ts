import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export const RollupBy = { CLUSTER: 'cluster', PROJECT: 'project', SET: 'set' } as const;
registerEnumType(RollupBy, { name: 'RollupBy' });

@ObjectType('Label')
export class LabelType {
  @Field(() => String)
  key: string;

  @Field(() => String)
  value: string;
}

@ObjectType('Condition')
class ConditionType {
  @Field(() => String)
  type: string;

  @Field(() => String)
  status: string;

  @Field(() => String)
  reason: string;

  @Field(() => String)
  message: string;

  @Field(() => String, { nullable: true })
  lastTransitionTime?: string;
}

@ObjectType('StatusCount')
export class StatusCountType {
  @Field(() => String)
  status: string;

  @Field(() => Int)
  count: number;
}

@ObjectType('Rollup', { description: 'How many Applications are in which state.' })
export class RollupType {
  @Field(() => String, { description: 'Name of the cluster or project, <namespace>/<name> of the set.' })
  group: string;

  @Field(() => Int)
  total: number;

  @Field(() => [StatusCountType])
  sync: StatusCountType[];

  @Field(() => [StatusCountType])
  health: StatusCountType[];
}

@ObjectType({ isAbstract: true })
class FleetObject {
  @Field(() => String)
  uid: string;

  @Field(() => String)
  namespace: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  project: string | null;

  @Field(() => [LabelType])
  labels: LabelType[];

  @Field(() => [ConditionType])
  conditions: ConditionType[];
}

@ObjectType('Application')
export class ApplicationType extends FleetObject {
  @Field(() => String, { nullable: true })
  cluster: string | null;

  @Field(() => String, { nullable: true, description: '<namespace>/<name> of the set that made it.' })
  set: string | null;

  @Field(() => String)
  sync: string;

  @Field(() => String)
  health: string;
}

@ObjectType('AgentConnection', { description: 'Whether the agent is there.' })
class AgentConnectionType {
  @Field(() => String)
  state: string;

  @Field(() => String)
  lastSeen: string;
}

@ObjectType('Cluster')
export class ClusterType extends FleetObject {
  @Field(() => AgentConnectionType, { nullable: true })
  agent: AgentConnectionType | null;

  @Field(() => String, { nullable: true })
  kubernetesVersion: string | null;

  @Field(() => String, { nullable: true })
  agentVersion: string | null;
}

@ObjectType('ApplicationSet')
export class ApplicationSetType extends FleetObject {}

@ObjectType('Project')
export class ProjectType extends FleetObject {}
