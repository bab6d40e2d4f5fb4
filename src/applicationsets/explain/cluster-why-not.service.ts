import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import type { Actor } from '../../access/actor.js';
import { ClusterKind } from '../../clusters/cluster.kind.js';
import { CLUSTER_LABEL } from '../../clusters/domain/cluster.js';
import { DocumentsService, type DocumentRef } from '../../documents/documents.service.js';
import type { ClusterRecord } from '../../expansion/reader.js';
import { clusterSelections, type ClusterSelection } from '../../expansion/why-not/cluster-selections.js';
import { judgeCluster } from '../../expansion/why-not/judge-cluster.js';
import { FleetReadings, type FleetReading } from '../../generation/fleet-readings.js';
import type { PlanReader } from '../../generation/generated-view.js';
import { PlanReading } from '../../generation/plan-reading.js';
import type { GeneratedPlan } from '../../generation/generated-plan.js';
import { notFound } from '../../kernel/errors.js';
import { canonicalJson } from '../../kernel/json.js';
import { ApplicationSetKind } from '../application-set.kind.js';
import { ownerProject } from '../domain/owner-project.js';
import { SetPlanner, type StoredSet } from '../set-planner.js';
import { givenBy, statesIn } from './given-applications.js';
import { SetTrace } from './set-trace.js';
import type { GivenApplication, WhyNot } from './why-not.js';

/** The hub sets it on every Cluster, whatever an admin writes. */
const FIXED = new Set([CLUSTER_LABEL]);
const MOST_SHOWN = 100;

/** Answers why a set makes nothing, or what it makes, for one cluster: by running it, not by remembering. */
@Injectable()
export class ClusterWhyNot {
  constructor(
    private readonly documents: DocumentsService,
    private readonly sets: ApplicationSetKind,
    private readonly clusters: ClusterKind,
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly reading: PlanReading,
  ) {}

  /** Needs `get` on the set and on the cluster. */
  async ask(actor: Actor, ref: DocumentRef, clusterName: string): Promise<WhyNot> {
    const { object } = await this.documents.authorised(actor, 'get', this.sets, ref);
    const place = { namespace: CONTROL_NAMESPACE, name: clusterName };
    await this.documents.authorised(actor, 'get', this.clusters, place);
    const set = object as StoredSet;
    const fleet = await this.fleet.now();
    const cluster = fleet.clusters.records().find(({ name }) => name === clusterName);
    if (!cluster) throw notFound('Cluster', `${place.namespace}/${place.name}`);
    const trace = new SetTrace();
    const plan = await this.planner.planSet(set, fleet, trace);
    const generators = judgements(set, cluster, trace);
    const matches = anyOf(generators.map((each) => each.matches));
    const reader = (await this.reading.ofApplications(actor)).of(accessOf(set));
    const given = matches === false ? NOTHING_GIVEN : await this.given({ set, fleet, cluster, trace, plan, reader });
    return {
      ...subjectsOf(set, cluster),
      matches,
      generators: generators.slice(0, MOST_SHOWN),
      ...(matches === true ? {} : smallest(generators)),
      applications: given.applications.slice(0, MOST_SHOWN),
      errors: matches === false ? plan.expansion.errors : given.errors,
      notes: [...notesOf(set, generators), ...given.notes],
      ...moreOf(given.applications, generators),
    };
  }

  /** The set is planned once more as if the cluster were not there: the difference is what the cluster gives. */
  private async given({ set, fleet, cluster, trace, plan, reader }: Given): Promise<Gift> {
    const without = new SetTrace();
    const rest = { ...fleet, clusters: fleet.clusters.with(cluster.name, undefined) };
    const other = await this.planner.planSet(set, rest, without);
    const applications = givenBy(trace.applications, without.applications).map(statesIn(plan));
    const known = new Set(other.expansion.errors.map(canonicalJson));
    const errors = plan.expansion.errors.filter((error) => !known.has(canonicalJson(error)));
    const silent = applications.length === 0 && errors.length === 0;
    return {
      applications: applications.filter((each) => reader.sees(each)),
      errors: silent ? plan.expansion.errors : errors,
      notes: silent ? ['it is selected and gives nothing: what it is combined with has no results for it'] : [],
    };
  }
}

interface Given {
  set: StoredSet;
  fleet: FleetReading;
  cluster: ClusterRecord;
  trace: SetTrace;
  plan: GeneratedPlan;
  reader: PlanReader;
}

interface Gift {
  applications: GivenApplication[];
  errors: WhyNot['errors'];
  notes: string[];
}

const NOTHING_GIVEN: Gift = { applications: [], errors: [], notes: [] };

function judgements(set: StoredSet, cluster: ClusterRecord, trace: SetTrace): WhyNot['generators'] {
  return clusterSelections(set.spec.generators).flatMap((selection) => {
    const ran = trace.selectorsAt(selection.path);
    if (ran.length === 0 && isTemplated(selection)) return [neverFilled(selection)];
    const selectors = ran.length === 0 ? [selection.selector] : ran;
    return selectors.map((selector) => ({
      ...judgeCluster(selection, selector, { cluster, fixed: FIXED }),
      ...(isTemplated(selection) ? { selector } : {}),
    }));
  });
}

function isTemplated({ selector }: ClusterSelection): boolean {
  return (JSON.stringify(selector) ?? '').includes('{{');
}

function neverFilled({ path, selector }: ClusterSelection): WhyNot['generators'][number] {
  const note = 'its selector is never filled in: what stands before it in the matrix gives nothing';
  return { path, matches: false, terms: [], addsResults: true, notes: [note], selector };
}

function anyOf(verdicts: readonly (boolean | null)[]): boolean | null {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(null) ? null : false;
}

/** Of generators that are equally near, the first; one that adds no results, only where no other is near at all. */
function smallest(generators: WhyNot['generators']): Pick<WhyNot, 'smallestChange'> {
  const near = generators
    .flatMap(({ path, change, addsResults }) => (change && change.length > 0 ? [{ path, change, addsResults }] : []))
    .sort((one, two) => Number(two.addsResults) - Number(one.addsResults) || one.change.length - two.change.length);
  const [first] = near;
  return first ? { smallestChange: { generator: first.path, edits: first.change } } : {};
}

function notesOf({ metadata, spec }: StoredSet, generators: WhyNot['generators']): string[] {
  const { applicationsSync } = spec.syncPolicy ?? {};
  return [
    ...(metadata.deletionTimestamp === undefined ? [] : ['the set is being deleted and makes nothing any more']),
    ...(generators.length === 0 ? ['no generator of the set selects clusters'] : []),
    ...(applicationsSync == null ? [] : [`syncPolicy.applicationsSync is ${applicationsSync}`]),
  ];
}

function subjectsOf(set: StoredSet, { name, labels }: ClusterRecord): Pick<WhyNot, 'applicationSet' | 'cluster'> {
  const { uid, generation } = set.metadata;
  return { applicationSet: { ...accessOf(set), uid, generation }, cluster: { name, labels } };
}

function accessOf(set: StoredSet): { namespace: string; name: string; project: string } {
  const { namespace, name } = set.metadata;
  return { namespace, name, project: ownerProject(set) ?? 'default' };
}

function moreOf(applications: readonly unknown[], generators: readonly unknown[]): Pick<WhyNot, 'more'> {
  const beyond = (list: readonly unknown[]): number => Math.max(0, list.length - MOST_SHOWN);
  const more = {
    ...(beyond(applications) > 0 ? { applications: beyond(applications) } : {}),
    ...(beyond(generators) > 0 ? { generators: beyond(generators) } : {}),
  };
  return Object.keys(more).length === 0 ? {} : { more };
}
