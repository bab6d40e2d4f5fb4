import { Module } from '@nestjs/common';
import { WorkQueue } from './work-queue.js';

/** For features that enqueue work themselves; apart from the engine, which imports the features. */
@Module({ providers: [WorkQueue], exports: [WorkQueue] })
export class WorkQueueModule {}
