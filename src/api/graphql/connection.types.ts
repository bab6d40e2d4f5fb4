import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ApplicationSetType, ApplicationType, ClusterType, ProjectType } from './fleet.types.js';

@ObjectType({ isAbstract: true })
class Connection {
  @Field(() => Int, { description: 'Under the filter, whatever the page; only what the asker may see.' })
  totalCount: number;

  @Field(() => String, { nullable: true, description: 'Pass as `after` for the next page; null on the last one.' })
  next: string | null;
}

@ObjectType('ClusterConnection')
export class ClusterConnectionType extends Connection {
  @Field(() => [ClusterType])
  nodes: ClusterType[];
}

@ObjectType('ApplicationConnection')
export class ApplicationConnectionType extends Connection {
  @Field(() => [ApplicationType])
  nodes: ApplicationType[];
}

@ObjectType('ApplicationSetConnection')
export class ApplicationSetConnectionType extends Connection {
  @Field(() => [ApplicationSetType])
  nodes: ApplicationSetType[];
}

@ObjectType('ProjectConnection')
export class ProjectConnectionType extends Connection {
  @Field(() => [ProjectType])
  nodes: ProjectType[];
}
