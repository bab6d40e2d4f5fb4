import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { nextTime, parseCron } from '../../src/simulator/controllers/cron-schedule.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { serveCluster } from '../support/virtual-fleet.js';

function job(spec: object, restartPolicy = 'Never', image = 'a:1'): KubernetesObject {
  const template = { spec: { restartPolicy, containers: [{ name: 'main', image }] } };
  const metadata = { name: 'x', namespace: 'default' };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template, ...spec } };
}

const idOf = (kind: string, group: string) => ({ group, kind, namespace: 'default', name: 'x' });
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- statuses are read by path in assertions only
const statusOf = (cluster: VirtualCluster, kind: string, group: string): any =>
  cluster.get(idOf(kind, group))?.status ?? {};
const names = (cluster: VirtualCluster): string[] =>
  cluster.list('', 'Pod', 'default').map(({ metadata }) => metadata.name);

describe('a Job', () => {
  const conditions = (cluster: VirtualCluster): string[] =>
    ((statusOf(cluster, 'Job', 'batch').conditions ?? []) as Record<string, string>[]).map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    );

  it('runs as many pods side by side as it may, until enough have succeeded', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.create(job({ completions: 3, parallelism: 2 }));
    timers.advance();
    expect(statusOf(cluster, 'Job', 'batch')).toMatchObject({ active: 2, ready: 0 });
    timers.advance(5_000);
    expect(statusOf(cluster, 'Job', 'batch')).toMatchObject({ succeeded: 3, uncountedTerminatedPods: {} });
    expect(statusOf(cluster, 'Job', 'batch')).not.toHaveProperty('active');
    expect(conditions(cluster)).toEqual([
      'SuccessCriteriaMet=True CompletionsReached',
      'Complete=True CompletionsReached',
    ]);
    expect(names(cluster)).toHaveLength(3);
  });

  it.each([
    ['Never', 2],
    ['OnFailure', 1],
  ])('that restarts %s fails when its pods have failed too often', async (restartPolicy, failed) => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.crashImage('a:1');
    cluster.create(job({ backoffLimit: 1 }, restartPolicy));
    timers.advance(5_000);
    expect(conditions(cluster)).toEqual([
      'FailureTarget=True BackoffLimitExceeded',
      'Failed=True BackoffLimitExceeded',
    ]);
    expect(statusOf(cluster, 'Job', 'batch').failed).toBe(failed);
  });

  it('gives each pod an index where it is asked to', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(job({ completions: 4, parallelism: 2, completionMode: 'Indexed' }));
    timers.advance(5_000);
    expect(statusOf(cluster, 'Job', 'batch').completedIndexes).toBe('0-3');
    expect(names(cluster).map((name) => name.slice(0, 4))).toEqual(['x-0-', 'x-1-', 'x-2-', 'x-3-']);
  });

  it('rests while it is suspended, ends at its deadline, and goes when its time to live is over', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.breakImage('a:1');
    cluster.create(job({ suspend: true, activeDeadlineSeconds: 30, ttlSecondsAfterFinished: 60 }));
    timers.advance(60_000);
    expect([names(cluster), conditions(cluster)]).toEqual([[], ['Suspended=True JobSuspended']]);
    cluster.edit(idOf('Job', 'batch'), (draft) => Object.assign(draft.spec as object, { suspend: false }));
    timers.advance(1_000);
    expect([names(cluster).length, conditions(cluster)]).toEqual([1, ['Suspended=False JobResumed']]);
    timers.advance(30_000);
    expect(conditions(cluster)).toContain('Failed=True DeadlineExceeded');
    timers.advance(60_000);
    expect(cluster.get(idOf('Job', 'batch'))).toBeUndefined();
  });
});

describe('a CronJob', () => {
  const cron = (spec: object): KubernetesObject => {
    const jobTemplate = { spec: job({}).spec };
    const metadata = { name: 'x', namespace: 'default' };
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: { schedule: '*/5 * * * *', jobTemplate, ...spec },
    };
  };

  it('makes a Job when it is due, tells of it, and keeps the last three', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(cron({}));
    timers.advance(299_000);
    expect(cluster.list('batch', 'Job')).toEqual([]);
    timers.advance(2_000);
    expect(cluster.list('batch', 'Job').map(({ metadata }) => metadata.name)).toEqual(['x-29453765']);
    timers.advance(1_000);
    expect(statusOf(cluster, 'CronJob', 'batch')).toEqual({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      lastSuccessfulTime: '2026-01-01T00:05:00Z',
    });
    timers.advance(3_600_000);
    expect(cluster.list('batch', 'Job')).toHaveLength(3);
  });

  it('rests while it is suspended, and does not start another while one runs and it may not', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.breakImage('a:1');
    cluster.create(cron({ suspend: true, concurrencyPolicy: 'Forbid' }));
    timers.advance(3_600_000);
    expect(cluster.list('batch', 'Job')).toEqual([]);
    cluster.edit(idOf('CronJob', 'batch'), (draft) => Object.assign(draft.spec as object, { suspend: false }));
    timers.advance(3_600_000);
    expect(statusOf(cluster, 'CronJob', 'batch').active).toHaveLength(1);
  });

  it.each([
    ['* * * * *', '2026-01-01T00:01:00Z'],
    ['30 4 * * *', '2026-01-01T04:30:00Z'],
    ['0 0 1,15 * 3', '2026-01-07T00:00:00Z'],
    ['0 12 * feb mon-fri', '2026-02-02T12:00:00Z'],
    ['@yearly', '2027-01-01T00:00:00Z'],
    ['0 0 31 2 *', undefined],
  ])('%s is next at %s', (schedule, next) => {
    const parsed = parseCron(schedule);
    const found = parsed && nextTime(parsed, new Date('2026-01-01T00:00:00Z'));
    expect(found?.toISOString().replace('.000', '')).toBe(next);
  });

  it.each(['', '* * * *', '60 * * * *', 'a * * * *', '*/0 * * * *', '5-1 * * * *'])('%j is no schedule', (schedule) => {
    expect(parseCron(schedule)).toBeUndefined();
  });
});
