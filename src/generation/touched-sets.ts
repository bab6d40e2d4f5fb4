import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import {
  clusterDependency,
  isTouched,
  type ClusterDependency,
  type ClusterMetadata,
} from '../expansion/cluster-dependency.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { ClusterHistory } from './cluster-history.js';

interface KnownSet {
  generation: string;
  dependency: ClusterDependency;
}

/** Projects whose sets may name any project, so that every project's rules concern them. */
const OPEN_PROJECT = 'default';

/** The dependency index of generator sets: which of them a change of the fleet or of a project can touch. */
@Injectable()
export class TouchedSets {
  private readonly known = new Map<string, KnownSet>();

  constructor(
    private readonly store: ObjectStore,
    private readonly history: ClusterHistory,
  ) {}

  /** uids of the sets of a kind, given the changes that are not of the sets themselves. */
  async of(kind: string, changes: readonly ObjectChange[]): Promise<Set<string>> {
    const clusters = changes.filter((change) => change.kind === 'Cluster');
    const projects = new Set(changes.filter((change) => change.kind === 'AppProject').map(({ name }) => name));
    if (clusters.length === 0 && projects.size === 0) return new Set();
    const sets = await this.store.briefs(kind);
    const edits = await this.history.edits(clusters);
    const dependencies = edits === 'unknown' ? undefined : await this.dependencies(kind, sets);
    const touched = sets.filter(({ uid, project }) => {
      if (edits === 'unknown' || projects.has(project ?? '')) return true;
      if (projects.size > 0 && (project === OPEN_PROJECT || project === null)) return true;
      const dependency = dependencies?.get(uid)?.dependency;
      return dependency === undefined || edits.some(({ versions }) => concerns(dependency, versions));
    });
    return new Set(touched.map(({ uid }) => uid));
  }

  /** uids of the sets of a kind that other labels and annotations of one cluster could touch. */
  async ofEdit(kind: string, versions: readonly ClusterMetadata[]): Promise<Set<string>> {
    const sets = await this.store.briefs(kind);
    const dependencies = await this.dependencies(kind, sets);
    const touched = sets.filter(({ uid }) => {
      const dependency = dependencies.get(uid)?.dependency;
      return dependency === undefined || concerns(dependency, versions);
    });
    return new Set(touched.map(({ uid }) => uid));
  }

  /** Compiled once for each generation of a set. */
  private async dependencies(
    kind: string,
    sets: readonly { uid: string; generation: string }[],
  ): Promise<Map<string, KnownSet>> {
    const missing = sets.filter(({ uid, generation }) => this.known.get(uid)?.generation !== generation);
    if (missing.length > 0) {
      const specs = await this.store.specs(
        kind,
        missing.map(({ uid }) => uid),
      );
      for (const { uid, generation, spec } of specs)
        this.known.set(uid, { generation, dependency: clusterDependency(spec) });
    }
    return this.known;
  }
}

function concerns(dependency: ClusterDependency, versions: readonly ClusterMetadata[]): boolean {
  return versions.some((after, index) => {
    const before = versions[index - 1];
    return before !== undefined && isTouched(dependency, before, after);
  });
}
