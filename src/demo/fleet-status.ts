import type { HubClient } from './hub-client.js';

/** An Application as the REST API serves it, as far as the demo looks. */
export interface ApplicationView {
  metadata: { name: string; uid: string; resourceVersion: string; labels?: Record<string, string> };
  spec: { project: string; source: { repoURL: string }; destination: { name: string } };
  status?: {
    sync?: { status: string };
    health?: { status: string; message?: string };
    source?: { revision: string };
    conditions?: { type: string; message: string }[];
    summary?: { healed: number };
  };
}

interface Page {
  metadata: { continue?: string; remainingItemCount?: number };
  items: ApplicationView[];
}

export interface Progress {
  total: number;
  converged: number;
}

/** What the hub's API tells about Applications. */
export class FleetStatus {
  constructor(private readonly hub: HubClient) {}

  /** All that the token may see; `query` narrows, such as `labelSelector=service=shop`. */
  async applications(query = ''): Promise<ApplicationView[]> {
    const items: ApplicationView[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const page: Page = await this.page(`limit=500&continue=${encodeURIComponent(next)}&${query}`);
      items.push(...page.items);
      next = page.metadata.continue;
    }
    return items;
  }

  page(query: string): Promise<Page> {
    return this.hub.get<Page>(`/api/v1/applications?${query}`);
  }

  application(name: string): Promise<ApplicationView> {
    return this.hub.get<ApplicationView>(`/api/v1/applications/${name}`);
  }

  /** Of what runs without anybody asking: Applications without automated sync wait for a person. */
  async progress(): Promise<Progress> {
    const { all, good } = await this.hub.graphql<Record<'all' | 'good', { totalCount: number }>>(`{
      all: applications(first: 1, filter: { labelSelector: "sync!=manual" }) { totalCount }
      good: applications(first: 1, filter: { labelSelector: "sync!=manual", sync: "Synced", health: "Healthy" }) { totalCount }
    }`);
    return { total: all.totalCount, converged: good.totalCount };
  }

  /** What is not as it should be, a line each, for people. */
  async complaints(query = ''): Promise<string> {
    const troubled = (await this.applications(query)).filter((application) => !isConverged(application));
    return troubled.slice(0, MOST_COMPLAINTS).map(complaintOf).join('\n');
  }
}

const MOST_COMPLAINTS = 8;

export function isConverged({ status }: ApplicationView): boolean {
  return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
}

function complaintOf({ metadata, status }: ApplicationView): string {
  const state = `${status?.sync?.status ?? 'not reported'}, ${status?.health?.status ?? 'no health'}`;
  const reasons = [
    status?.health?.message,
    ...(status?.conditions ?? []).map(({ type, message }) => `${type}: ${message}`),
  ];
  return `${metadata.name}: ${[state, ...reasons.filter(Boolean)].join('; ')}`;
}
