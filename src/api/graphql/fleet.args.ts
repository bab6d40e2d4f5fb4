import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';

export const DEFAULT_PAGE = 50;
const DEFAULT_NESTED = 20;
export const MAX_PAGE = 500;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: DEFAULT_PAGE, description: `At most ${MAX_PAGE}.` })
  first: number;

  @Field(() => String, { nullable: true })
  after?: string;
}

@ArgsType()
export class NestedArgs {
  @Field(() => Int, { defaultValue: DEFAULT_NESTED, description: `At most ${MAX_PAGE}.` })
  first: number;
}

@InputType()
export class FleetFilterInput {
  @Field(() => String, { nullable: true })
  namespace?: string;

  @Field(() => String, { nullable: true })
  name?: string;

  @Field(() => String, { nullable: true })
  project?: string;

  @Field(() => String, { nullable: true, description: "As kubectl's -l." })
  labelSelector?: string;
}

@InputType()
export class ApplicationFilterInput extends FleetFilterInput {
  @Field(() => String, { nullable: true })
  cluster?: string;

  @Field(() => String, { nullable: true, description: '<namespace>/<name> of the set.' })
  set?: string;

  @Field(() => String, { nullable: true })
  sync?: string;

  @Field(() => String, { nullable: true })
  health?: string;
}
