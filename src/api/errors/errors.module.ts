import { Module } from '@nestjs/common';
import { ApiErrors } from './api-errors.js';

@Module({ providers: [ApiErrors], exports: [ApiErrors] })
export class ErrorsModule {}
