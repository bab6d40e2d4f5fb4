import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { RevisionsController } from './rest/revisions.controller.js';

/** What other revisions would change; `imports` are the feature modules that export ApplicationDiffs and RepositoryImpacts. */
@Module({})
export class RevisionsApiModule {
  static of(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: RevisionsApiModule, imports, controllers: [RevisionsController] };
  }
}
