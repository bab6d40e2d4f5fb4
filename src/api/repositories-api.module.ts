import { Module } from '@nestjs/common';
import { RepositoriesController } from './rest/repositories.controller.js';

/** The door of repository Secrets; the global RepositoriesModule is behind it. */
@Module({ controllers: [RepositoriesController] })
export class RepositoriesApiModule {}
