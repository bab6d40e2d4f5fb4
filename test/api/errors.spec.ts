import { HttpException } from '@nestjs/common';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiErrors } from '../../src/api/errors/api-errors.js';
import { statusOf } from '../../src/api/errors/status.js';
import { FleetError, type FleetErrorKind } from '../../src/kernel/errors.js';
import { startApi, type TestApi } from '../support/api.js';
import { RecordingLog } from '../support/recording-log.js';

describe('a failure', () => {
  it.each<[FleetErrorKind, number]>([
    ['invalid', 422],
    ['malformed', 400],
    ['too-large', 413],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['already-exists', 409],
    ['gone', 410],
    ['precondition', 412],
    ['too-many', 429],
    ['unavailable', 503],
  ])('of kind %s answers %i with its code and hint', (kind, code) => {
    const status = statusOf(new FleetError(kind, 'CODE', 'what', { hint: 'do this' }));
    expect(status).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code,
      message: 'what',
      details: { code: 'CODE', hint: 'do this' },
    });
  });

  it('that surprises is logged once and shown to nobody', () => {
    const log = new RecordingLog();
    const status = new ApiErrors(log).statusOf(new TypeError('password=hunter2 in row'), 'request-1');
    expect(status).toMatchObject({ code: 500, details: { code: 'INTERNAL' } });
    expect(JSON.stringify(status)).not.toContain('hunter2');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { requestId: 'request-1' } }]);
  });

  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a server that shuts down', Object.assign(new Error('terminating'), { driverError: { code: '57P01' } })],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a connection that broke between statements', new QueryRunnerAlreadyReleasedError()],
  ])('of the database (%s) asks to come again', (_what, error) => {
    const status = new ApiErrors(new RecordingLog()).statusOf(error, 'request-1');
    expect(status).toMatchObject({ code: 503, details: { code: 'DATABASE_UNAVAILABLE', retryAfterSeconds: 2 } });
  });

  it('of the framework keeps its status', () => {
    expect(new ApiErrors(new RecordingLog()).statusOf(new HttpException('no', 404), 'r').code).toBe(404);
  });
});

describe('a running API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api?.close();
  });

  it('answers an unknown path as it answers every failure', async () => {
    const { body } = await api.call('GET', '/nowhere');
    expect(body).toMatchObject({ kind: 'Status', code: 404, reason: 'NotFound' });
  });

  it('makes up a request id where the one it was sent is unfit for a log', async () => {
    const { headers } = await api.call('GET', '/healthz', { headers: { 'x-request-id': 'a b{"c"}' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is alive and ready, and shows figures, without a token', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await api.call('GET', path, { token: null })).body).toEqual({ status: 'ok' });
    const { text } = await api.call('GET', '/metrics', { token: null });
    expect(text).toContain(
      'fleetwright_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"}',
    );
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('describes a path and a schema for each kind', async () => {
    const { body } = await api.call('GET', '/api/openapi.json', { token: null });
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/namespaces/{namespace}/clusters/{name}', '/api/v1/projects', '/api/v1/apply']),
    );
    expect(body.components.schemas.AppProject.properties.spec.properties).toHaveProperty('sourceRepos');
    expect(JSON.stringify(body.paths)).not.toContain('{kind}');
    const named = JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of named) expect(body.components.schemas).toHaveProperty(name ?? '');
  });

  it('shows the description on a page that needs nothing from elsewhere', async () => {
    const { status, text } = await api.call('GET', '/api/docs', { token: null });
    expect(status).toBe(200);
    expect(text).not.toMatch(/(src|href)="https?:/);
  });

  it('is alive but not ready, and asks to come again, while the database is away', async () => {
    await api.database.dataSource.destroy();
    expect((await api.call('GET', '/healthz')).status).toBe(200);
    expect((await api.call('GET', '/readyz')).body).toMatchObject({
      code: 503,
      details: { code: 'DATABASE_UNAVAILABLE' },
    });
    const { status, headers } = await api.call('GET', '/api/v1/clusters');
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    await api.database.dataSource.initialize();
  });
});
