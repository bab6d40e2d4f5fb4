import { objectId, parseObjectKey } from '../../../kernel/object.js';
import { applicationHealth, type ObjectHealth } from '../../../applications/domain/health/application-health.js';
import { isWorse } from '../../../applications/domain/health/verdict.js';
import type { ApplicationReport, HealthStatus, ResourceReport, SyncStatus } from '../../protocol/report.js';
import type { ApplicationRecord } from '../application-record.js';
import type { LiveObject } from '../live-objects.js';
import type { DesiredObject, Target } from '../target.js';

const IGNORE_HEALTH = 'argocd.argoproj.io/ignore-healthcheck';
const MOST_RESOURCES = 100;
const LONGEST_MESSAGE = 2048;
const LONGEST_RESOURCE_MESSAGE = 1024;

export interface ReportFacts {
  record: ApplicationRecord;
  target: Target | undefined;
  live: (key: string) => LiveObject | undefined;
  /** Message by key of objects that could not be brought there. */
  failures: ReadonlyMap<string, string>;
  /** Reason by key of objects that left the bundle and are still there. */
  leftovers: ReadonlyMap<string, string>;
  messages: readonly string[];
  observedAt: Date;
}

/** The verdict on one Application (argocd-behaviour.md 4.10): what a pass leaves to be told. */
export function applicationReport(facts: ReportFacts): ApplicationReport {
  const { record, target } = facts;
  const objects = [...(target?.objects.values() ?? [])];
  const resources = [
    ...objects.map((desired) => resourceReport(desired, facts)),
    ...[...facts.leftovers].map(([key, reason]) => leftoverReport(key, reason, facts)),
  ];
  const health = applicationHealth(objects.map((desired) => objectHealth(desired, facts)));
  const noted = [...resources.filter(isNoteworthy), ...hookReports(target)];
  return {
    ...emptyReport(record, facts.observedAt),
    bundleDigest: target?.bundleDigest ?? null,
    sync: target === undefined ? 'Unknown' : worstSync(resources),
    health: health.status,
    message: joined(facts, target),
    counts: {
      total: resources.length,
      synced: resources.filter(({ sync }) => sync === 'Synced').length,
      healthy: resources.filter((resource) => resource.health === null || resource.health === 'Healthy').length,
    },
    resources: noted.sort(compareReports).slice(0, MOST_RESOURCES),
  };
}

/** Of an Application that could not be judged: sync Unknown, with the reason. */
export function unknownReport(record: ApplicationRecord, message: string, observedAt: Date): ApplicationReport {
  return { ...emptyReport(record, observedAt), message: message.slice(0, LONGEST_MESSAGE) };
}

/** Of an Application that was pruned or orphaned: the hub retires its row. */
export function goneReport(record: ApplicationRecord, message: string, observedAt: Date): ApplicationReport {
  return { ...emptyReport(record, observedAt), gone: true, health: 'Missing', message };
}

function emptyReport(record: ApplicationRecord, observedAt: Date): ApplicationReport {
  return {
    applicationUid: record.uid,
    position: record.delivery.position,
    gone: false,
    bundleDigest: record.delivery.bundleDigest,
    sync: 'Unknown',
    health: 'Unknown',
    message: '',
    counts: { total: 0, synced: 0, healthy: 0 },
    resources: [],
    operation: record.operation,
    healed: record.healed,
    observedAt: observedAt.toISOString(),
  };
}

function resourceReport(desired: DesiredObject, facts: ReportFacts): ResourceReport {
  const live = facts.live(desired.key);
  const difference = differenceOf(desired, live, facts);
  const messages = [difference, live?.health?.status === 'Healthy' ? undefined : live?.health?.message];
  return {
    ...objectId(desired.object),
    sync: difference === undefined ? 'Synced' : 'OutOfSync',
    health: live?.present ? (live.health?.status ?? null) : 'Missing',
    message: messages.filter(Boolean).join('; ').slice(0, LONGEST_RESOURCE_MESSAGE),
  };
}

/** Why an object is OutOfSync, or undefined when it is as wanted. */
function differenceOf(
  { key, digest }: DesiredObject,
  live: LiveObject | undefined,
  { failures, record }: ReportFacts,
): string | undefined {
  const failure = failures.get(key);
  if (failure !== undefined) return failure;
  if (!live?.present) return 'it does not exist';
  if (live.drift.length > 0) return `differs at ${live.drift.map(({ path }) => path).join(', ')}`;
  if (live.judgedBy !== digest) return 'it was not compared yet';
  const entry = record.inventory.get(key);
  return entry !== undefined && entry.digest !== digest ? 'its manifest changed since it was applied' : undefined;
}

function leftoverReport(key: string, reason: string, { live }: ReportFacts): ResourceReport {
  const health = live(key)?.health?.status ?? null;
  return { ...parseObjectKey(key), sync: 'OutOfSync', health, message: `left the bundle; ${reason}` };
}

/** Hooks count neither for sync nor for health, but a person must know that they were not run. */
function hookReports(target: Target | undefined): ResourceReport[] {
  return (target?.hooks ?? []).map(({ object, types }) => ({
    ...objectId(object),
    sync: 'Unknown',
    health: null,
    message: `a ${types} hook, which this version does not run`,
  }));
}

function objectHealth({ key, object }: DesiredObject, facts: ReportFacts): ObjectHealth {
  const live = facts.live(key);
  const ignored = object.metadata.annotations?.[IGNORE_HEALTH] === 'true';
  return { live: live?.present === true, health: live?.health ?? null, ignored };
}

function worstSync(resources: readonly ResourceReport[]): SyncStatus {
  return resources.some(({ sync }) => sync === 'OutOfSync') ? 'OutOfSync' : 'Synced';
}

function joined({ messages }: ReportFacts, target: Target | undefined): string {
  const hooks = target?.hooks.length ?? 0;
  const skipped = hooks === 0 ? '' : `${hooks} hook(s) not run: this version does not run hooks`;
  return [...messages, skipped]
    .filter((part) => part !== '')
    .join('; ')
    .slice(0, LONGEST_MESSAGE);
}

function isNoteworthy({ sync, health }: ResourceReport): boolean {
  return sync !== 'Synced' || (health !== null && health !== 'Healthy');
}

function compareReports(left: ResourceReport, right: ResourceReport): number {
  return rank(left.health, right.health) || Number(right.sync === 'OutOfSync') - Number(left.sync === 'OutOfSync');
}

/** Worst first; a resource without a check comes last. */
function rank(left: HealthStatus | null, right: HealthStatus | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return isWorse(left, right) ? -1 : 1;
}
