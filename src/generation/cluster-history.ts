import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import type { ClusterMetadata } from '../expansion/cluster-dependency.js';
import { jsonEqual } from '../kernel/json.js';
import type { ObjectChange } from '../reconcile/object-change.js';

/** How one cluster's labels and annotations went, oldest first, from what was dispatched last to what is now. */
export interface ClusterEdit {
  uid: string;
  versions: readonly ClusterMetadata[];
}

interface VersionRow extends ClusterMetadata {
  uid: string;
  spec: unknown;
  /** Of a commit that every reader of the change feed has left behind. */
  read: boolean;
}

/** What Clusters were before they changed. */
@Injectable()
export class ClusterHistory {
  constructor(private readonly transactions: Transactions) {}

  /**
   * 'unknown' when more than labels and annotations changed (a cluster came, went or moved), or when the history does
   * not reach back: then anything may be touched.
   */
  async edits(changes: readonly ObjectChange[]): Promise<ClusterEdit[] | 'unknown'> {
    if (changes.length === 0) return [];
    if (changes.some(({ deleted }) => deleted)) return 'unknown';
    const versions = await this.versions(changes);
    const edits = changes.map(({ uid }) => editOf(uid, versions.get(uid) ?? []));
    return edits.includes('unknown') ? 'unknown' : (edits as ClusterEdit[]);
  }

  /** Names of the Clusters among the changes that came, went or changed more than labels and annotations. */
  async moved(changes: readonly ObjectChange[]): Promise<string[]> {
    const clusters = changes.filter(({ kind }) => kind === 'Cluster');
    const versions = clusters.length === 0 ? new Map<string, VersionRow[]>() : await this.versions(clusters);
    const isMoved = ({ uid, deleted }: ObjectChange): boolean =>
      deleted || editOf(uid, versions.get(uid) ?? []) === 'unknown';
    return clusters.filter(isMoved).map(({ name }) => name);
  }

  private async versions(changes: readonly ObjectChange[]): Promise<Map<string, VersionRow[]>> {
    const rows = await this.transactions.query<VersionRow>(
      `select v.uid, v.labels, v.annotations, v.spec,
         c.position < (select coalesce(min(position), 0) from feed_cursors) as read
       from cluster_versions v join commits c on c.id = v.commit_id
       where v.uid = any($1::uuid[]) order by c.position`,
      [changes.map(({ uid }) => uid)],
    );
    const byUid = new Map<string, VersionRow[]>(changes.map(({ uid }) => [uid, []]));
    for (const row of rows) byUid.get(row.uid)?.push(row);
    return byUid;
  }
}

/** The edit starts at the last version that was surely dispatched; the commit the cursor stands on may be half read. */
function editOf(uid: string, rows: readonly VersionRow[]): ClusterEdit | 'unknown' {
  const start = rows.findLastIndex((row) => row.read);
  if (start < 0) return 'unknown';
  const versions = rows.slice(start);
  const [first] = versions;
  return versions.every((row) => jsonEqual(row.spec, first?.spec)) ? { uid, versions } : 'unknown';
}
