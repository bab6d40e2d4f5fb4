import { messageOf } from '../../kernel/errors.js';
import { serverVersion } from '../../kubernetes/client/discovery.js';
import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import type { Facts } from '../protocol/join.js';
import type { ApiCatalog } from './api-catalog.js';

/** What the hub is told about the member; the API list is null when it could not be read whole. */
export class MemberFacts {
  private kubernetesVersion = '';
  /** Why the last reading failed; empty when it did not. */
  failure = '';

  constructor(
    private readonly client: KubernetesClient,
    private readonly catalog: ApiCatalog,
    private readonly agentVersion: string,
  ) {}

  async read(): Promise<Facts> {
    try {
      await this.catalog.refresh();
      this.kubernetesVersion = await serverVersion(this.client);
      this.failure = '';
    } catch (error) {
      this.failure = messageOf(error);
    }
    return this.known();
  }

  /** As last read; asks nothing. */
  known(): Facts {
    const { kubernetesVersion, agentVersion } = this;
    return { kubernetesVersion, agentVersion, apis: this.catalog.facts() };
  }
}
