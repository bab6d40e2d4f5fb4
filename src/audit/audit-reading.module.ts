import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditReader } from './audit-reader.js';

@Module({ imports: [AccessModule], providers: [AuditReader], exports: [AuditReader] })
export class AuditReadingModule {}
