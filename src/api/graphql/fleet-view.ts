import type { Actor } from '../../access/actor.js';
import type { Resource } from '../../access/access-object.js';
import type { AccessFilter } from '../../access/domain/access-filter.js';
import type { Evaluator } from '../../access/evaluator.js';
import type { FleetStatusQueries } from '../../applications/fleet-status.queries.js';
import type { FleetGroup, FleetKind, FleetRow } from '../../applications/fleet-status.js';
import { parseSelector } from '../../kernel/label-selector.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { Batch } from './batch.js';
import { MAX_PAGE, type ApplicationFilterInput, type PageArgs } from './fleet.args.js';
import { toRollup, toRollups } from './fleet-mapping.js';
import type { RollupType } from './fleet.types.js';

const RESOURCE: Record<FleetKind, Resource> = {
  Cluster: 'clusters',
  Application: 'applications',
  ApplicationSet: 'applicationsets',
  AppProject: 'projects',
};

export interface FleetConnection {
  nodes: FleetRow[];
  totalCount: number;
  next: string | null;
}

/** One request's view of the fleet: its actor's filters, and batches so that a list costs a fixed number of statements. */
export class FleetView {
  private readonly filters = new Map<FleetKind, Promise<AccessFilter>>();
  private readonly batches = new Map<string, Batch<unknown>>();

  constructor(
    private readonly actor: Actor,
    private readonly evaluator: Evaluator,
    private readonly queries: FleetStatusQueries,
  ) {}

  async list(
    kind: FleetKind,
    { first, after }: PageArgs,
    filter: ApplicationFilterInput = {},
  ): Promise<FleetConnection> {
    const { labelSelector, ...fields } = filter;
    const labels = labelSelector ? { labels: parseSelector(labelSelector) } : {};
    const page = { first: bounded(first), ...(after ? { after: decodePageToken(after) } : {}) };
    const { rows, total, next } = await this.queries.page(
      kind,
      await this.access(kind),
      { ...defined(fields), ...labels },
      page,
    );
    return { nodes: rows, totalCount: total, next: next ? encodePageToken(next) : null };
  }

  async rollups(by: FleetGroup): Promise<RollupType[]> {
    return toRollups(await this.queries.counts(await this.access('Application'), by));
  }

  rollup(by: FleetGroup, group: string): Promise<RollupType> {
    const ask = async (groups: readonly string[]) => {
      const rollups = toRollups(await this.queries.counts(await this.access('Application'), by, groups));
      return new Map(rollups.map((each) => [each.group, each]));
    };
    return this.batch(`rollup ${by}`, ask, (missing) => toRollup(missing, [])).load(group);
  }

  applicationsOf(by: FleetGroup, group: string, first: number): Promise<FleetRow[]> {
    const ask = async (groups: readonly string[]) =>
      this.queries.applicationsOf(await this.access('Application'), by, { groups, first: bounded(first) });
    return this.batch(`applications ${by} ${first}`, ask, () => []).load(group);
  }

  private access(kind: FleetKind): Promise<AccessFilter> {
    const known = this.filters.get(kind) ?? this.evaluator.filter(this.actor, 'list', RESOURCE[kind]);
    this.filters.set(kind, known);
    return known;
  }

  private batch<T>(
    name: string,
    ask: (groups: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    absent: (key: string) => T,
  ): Batch<T> {
    const known = this.batches.get(name) as Batch<T> | undefined;
    const batch = known ?? new Batch(ask, absent);
    this.batches.set(name, batch as Batch<unknown>);
    return batch;
  }
}

function bounded(first: number): number {
  return Math.min(Math.max(first, 1), MAX_PAGE);
}

/** GraphQL gives null for what was left out. */
function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Partial<T>;
}
