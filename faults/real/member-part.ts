import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reportSchema } from '../../src/dispatch/protocol/report.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { OBJECTS, STORES, type ClusterName } from '../model/history.js';
import { keyOfStore } from '../model/reference.js';
import { KeptPart } from './kept-part.js';
import { Link, type Passed } from './link.js';

export interface MemberPartOptions {
  name: ClusterName;
  folder: string;
  hubUrl: string;
  joinToken: string;
  simulator: SimulatorServer;
  clock: Clock;
  bug: string | undefined;
  /** An object of an Application or a store is gone, and no person did it. */
  onDeleted: (key: string) => void;
}

/** A simulated cluster, its agent as a process, and the agent's lines to hub and cluster. */
export class MemberPart {
  /** Deliveries the hub has the agent's word on: application → position. */
  readonly reported = new Map<string, number>();
  readonly agent: KeptPart;
  private byHand = false;
  private lastReport: Passed | undefined;

  private constructor(
    private readonly options: MemberPartOptions,
    readonly cluster: VirtualCluster,
    readonly toHub: Link,
    readonly toCluster: Link,
  ) {
    const { name, bug, joinToken, folder } = options;
    const environment = {
      FLEETWRIGHT_HUB_URL: toHub.url,
      FLEETWRIGHT_CLUSTER: name,
      FLEETWRIGHT_JOIN_TOKEN: joinToken,
      FLEETWRIGHT_DATA_DIR: join(folder, name),
      FLEETWRIGHT_LOG_LEVEL: 'warn',
      KUBERNETES_API: toCluster.url,
      KUBERNETES_TOKEN: cluster.token,
    };
    const args = (skewMs: number): string[] => ['agent', String(skewMs), ...(bug === undefined ? [] : [bug])];
    this.agent = new KeptPart(args, environment, /^agent: started$/m);
  }

  static async create(options: MemberPartOptions): Promise<MemberPart> {
    const { name, simulator, hubUrl, clock } = options;
    const cluster = new VirtualCluster({ name, readyAfterMs: 0, runsPods: false, clock });
    simulator.add(cluster);
    const toHub = await Link.open({ target: hubUrl, onAnswer: (passed) => member.heard(passed) });
    const toCluster = await Link.open({ target: simulator.urlOf(name) });
    const member: MemberPart = new MemberPart(options, cluster, toHub, toCluster);
    cluster.store.subscribe(({ type, object }) => {
      const key = type === 'DELETED' && !member.byHand ? member.keyOf(object) : undefined;
      if (key !== undefined) options.onDeleted(key);
    });
    return member;
  }

  /** The hub learns the agent's word anew from its next start. */
  async kill(): Promise<void> {
    await this.agent.kill();
    this.reported.clear();
  }

  async loseCache(): Promise<void> {
    await rm(join(this.options.folder, this.options.name), { recursive: true, force: true });
  }

  /** What was reported last arrives once more. Answers the status, or nothing where nothing was said yet. */
  async repeatReport(): Promise<number | undefined> {
    if (!this.lastReport) return undefined;
    const { method, path, headers, body } = this.lastReport;
    const sent = { method, headers: { 'content-type': 'application/json', ...authorisation(headers) }, body };
    return (await fetch(`${this.options.hubUrl}${path}`, sent)).status;
  }

  /** Objects of Applications and stores: key → value. */
  found(): Map<string, string> {
    const stores = this.cluster.list('external-secrets.io', 'ClusterSecretStore');
    const found = new Map<string, string>();
    for (const object of [...this.cluster.list('', 'ConfigMap'), ...stores] as Named[]) {
      const key = this.keyOf(object);
      if (key !== undefined) found.set(key, object.data?.value ?? object.spec?.provider?.aws?.region ?? '');
    }
    return found;
  }

  tamper(nth: number, how: 'delete' | 'change'): void {
    const played = this.cluster.list('', 'ConfigMap').filter((object) => this.keyOf(object as Named) !== undefined);
    const object = played[nth % Math.max(1, played.length)];
    if (!object) return;
    const { namespace = '', name } = object.metadata;
    const id = { group: '', kind: 'ConfigMap', namespace, name };
    this.byHand = true;
    if (how === 'delete') this.cluster.delete(id);
    else this.cluster.edit(id, (draft) => Object.assign(draft, { data: { value: 'by hand' } }));
    this.byHand = false;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.toHub.close();
    await this.toCluster.close();
  }

  private keyOf({ kind, metadata: { namespace = '', name } }: Named): string | undefined {
    if (kind === 'ConfigMap' && isOneOf(OBJECTS, name)) return `${this.options.name}/${namespace}/${name}`;
    if (kind === 'ClusterSecretStore' && isOneOf(STORES, name)) return keyOfStore(name, this.options.name);
    return undefined;
  }

  private heard(passed: Passed): void {
    if (!passed.path.endsWith('/reports') || passed.status >= 300) return;
    this.lastReport = passed;
    for (const { applicationUid, position } of reportSchema.parse(JSON.parse(passed.body)).applications)
      this.reported.set(applicationUid, position);
  }
}

interface Named {
  kind: string;
  metadata: { namespace?: string; name: string };
  data?: { value?: string };
  spec?: { provider?: { aws?: { region?: string } } };
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function authorisation({ authorization }: Passed['headers']): { authorization?: string } {
  return authorization === undefined ? {} : { authorization };
}
