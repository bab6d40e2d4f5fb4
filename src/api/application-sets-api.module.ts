import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ApplicationSetResourcesController } from './rest/application-set-resources.controller.js';

/** What a set generated; `imports` are the feature modules that export ApplicationSetResources. */
@Module({})
export class ApplicationSetsApiModule {
  static of(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: ApplicationSetsApiModule, imports, controllers: [ApplicationSetResourcesController] };
  }
}
