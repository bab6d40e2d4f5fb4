import { AGENT_NAMESPACE } from '../../src/dispatch/agent/agent-namespace.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';

type Matches = (method: string, path: string) => boolean;

interface Waiter {
  matches: Matches;
  left: number;
  resolve: () => void;
}

/** Every request that reaches the APIs of virtual clusters, as it comes in. */
export class RequestLog {
  private readonly seen: string[] = [];
  private readonly waiters = new Set<Waiter>();

  constructor(clusters: readonly VirtualCluster[]) {
    for (const { name, faults } of clusters) {
      const note: Matches = (method, path) => {
        this.note(name, method, path);
        return false;
      };
      faults.plant({ matches: note }, Infinity);
    }
  }

  /** `<cluster> <path>` of everything that was to be deleted, once each; the agent's own memory apart. */
  get deletions(): string[] {
    const lines = this.seen.filter((line) => line.includes(' DELETE ') && !line.includes(AGENT_NAMESPACE));
    return [...new Set(lines.map((line) => line.replace(' DELETE ', ' ')))].sort();
  }

  count(matches: Matches): number {
    return this.seen.filter((line) => {
      const [, method = '', path = ''] = line.split(' ');
      return matches(method, path);
    }).length;
  }

  /** Resolves the moment the `count`th matching request from now on comes in. */
  next(count: number, matches: Matches): Promise<void> {
    return new Promise((resolve) => this.waiters.add({ matches, left: count, resolve }));
  }

  private note(cluster: string, method: string, path: string): void {
    this.seen.push(`${cluster} ${method} ${path}`);
    for (const waiter of this.waiters) {
      if (!waiter.matches(method, path)) continue;
      waiter.left -= 1;
      if (waiter.left > 0) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** A write of what an Application consists of. */
export const writesWorkload: Matches = (method, path) =>
  (method === 'PATCH' || method === 'POST') &&
  !path.includes(AGENT_NAMESPACE) &&
  /\/(deployments|configmaps)/.test(path);

export const deletesWorkload: Matches = (method, path) => method === 'DELETE' && !path.includes(AGENT_NAMESPACE);
