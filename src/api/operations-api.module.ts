import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { OperationsController } from './rest/operations.controller.js';

/** Sync and refresh; `imports` are the feature modules that export ApplicationOperations and ApplicationSetOperations. */
@Module({})
export class OperationsApiModule {
  static of(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: OperationsApiModule, imports, controllers: [OperationsController] };
  }
}
