import { Global, Module } from '@nestjs/common';
import { PolicySource } from '../access/policy-source.js';
import { AppProjectKind } from './app-project.kind.js';
import { DefaultProject } from './default-project.js';
import { ProjectReader } from './project.reader.js';

/** Global, since the evaluator, which every room asks, reads roles here. */
@Global()
@Module({
  providers: [ProjectReader, { provide: PolicySource, useExisting: ProjectReader }, AppProjectKind, DefaultProject],
  exports: [ProjectReader, PolicySource, AppProjectKind],
})
export class ProjectsModule {}
