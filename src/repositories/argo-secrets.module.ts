import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { ArgoSecrets } from './argo-secrets.js';

/** Argo CD's Secrets at the apply door; apart from RepositoriesModule, which works without documents and clusters. */
@Module({ imports: [ClustersModule], providers: [ArgoSecrets], exports: [ArgoSecrets] })
export class ArgoSecretsModule {}
