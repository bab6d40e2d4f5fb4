import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ExplanationsController } from './rest/explanations.controller.js';
import { PreviewController } from './rest/preview.controller.js';

/** Preview, why and why not; `imports` are the feature modules that export ApplicationWhy and ClusterWhyNot. */
@Module({})
export class ExplanationsApiModule {
  static of(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: ExplanationsApiModule, imports, controllers: [PreviewController, ExplanationsController] };
  }
}
