import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RESOLVER_TYPE_METADATA } from '@nestjs/graphql/dist/graphql.constants.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RouteAccess, type RouteAccessRule } from '../../src/access/route-access.js';
import { createHttpApplication } from '../../src/api/http/http-application.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { HubModule } from '../../src/hub.module.js';
import { listenToCommits } from '../support/commit-listener.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** Everything that answers without knowing who asks. */
const PUBLIC = ['GET /healthz', 'GET /metrics', 'GET /readyz'];
/** What proves itself by a signature over its body. */
const SIGNED = ['POST /api/webhook'];
const JOINING = ['POST /agent/v1/join'];

/** Served beside Nest: GraphQL, which takes a token before anything else, and the description of the API. */
const BESIDE_NEST = [/^\/graphql$/, /^\/api\/docs(\/|$|-)/, /^\/api\/openapi\.json$/];

interface Door {
  name: string;
  access: RouteAccessRule | undefined;
}

let database: TestDatabase;
let commits: Awaited<ReturnType<typeof listenToCommits>>;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await createTestDatabase();
  commits = await listenToCommits(database.url);
  const log = pino({ level: 'silent' });
  const config = readHubConfig({ FLEETWRIGHT_DATA_DIR: './data/unused' });
  const module = HubModule.of({ config, database: { dataSource: database.dataSource, commits }, program: 'test', log });
  app = await createHttpApplication(module, { bodyLimitBytes: 1024, describeApi: true, log });
});
afterAll(async () => {
  await app?.close();
  await commits?.stop();
  await database?.close();
});

const methodsOf = (type: Type): string[] => new MetadataScanner().getAllMethodNames(type.prototype as object);

function accessOf(type: Type, method: string): RouteAccessRule | undefined {
  const handler = (type.prototype as Record<string, object>)[method] as object;
  const read = (target: object) => Reflect.getMetadata(RouteAccess.KEY, target) as RouteAccessRule | undefined;
  return read(handler) ?? read(type);
}

/** The routes of a controller's method: each method and path it is served under. */
function routesOf(type: Type, method: string): string[] {
  const handler = (type.prototype as Record<string, object>)[method] as object;
  const own = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
  if (own === undefined) return [];
  const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const prefix = Reflect.getMetadata(PATH_METADATA, type) as string;
  return [own].flat().map((path) => `${verb} /${[prefix, path].map(trimmed).filter(Boolean).join('/')}`);
}

const trimmed = (path: string): string => path.replace(/^\/|\/$/g, '');

function doors(): Door[] {
  return [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...[...module.controllers.values()].flatMap(({ metatype }) => controllerDoors(metatype as Type)),
    ...[...module.providers.values()].flatMap(({ metatype }) => resolverDoors(metatype as Type | undefined)),
  ]);
}

function controllerDoors(type: Type): Door[] {
  return methodsOf(type).flatMap((method) =>
    routesOf(type, method).map((name) => ({ name, access: accessOf(type, method) })),
  );
}

/** Queries, mutations and subscriptions; fields of a type are reached through one of these. */
function resolverDoors(type: Type | undefined): Door[] {
  if (typeof type?.prototype !== 'object' || type.prototype === null) return [];
  const isDoor = (method: string): boolean => {
    const handler = (type.prototype as Record<string, object>)[method] as object;
    return ['Query', 'Mutation', 'Subscription'].includes(
      Reflect.getMetadata(RESOLVER_TYPE_METADATA, handler) as string,
    );
  };
  return methodsOf(type)
    .filter(isDoor)
    .map((method) => ({ name: `graphql ${method}`, access: accessOf(type, method) }));
}

describe('every route, resolver and gateway endpoint', () => {
  it('declares who may call it', () => {
    const silent = doors().filter(({ access }) => access === undefined);
    expect(silent).toEqual([]);
    expect(doors().length).toBeGreaterThan(30);
  });

  it('is open to everyone only where this list says so', () => {
    const open = doors().filter(({ access }) => access?.kind === 'public');
    expect(open.map(({ name }) => name).sort()).toEqual(PUBLIC);
  });

  it('goes by a signature only where this list says so', () => {
    const signed = doors().filter(({ access }) => access?.kind === 'signature');
    expect(signed.map(({ name }) => name)).toEqual(SIGNED);
  });

  it('takes a join token only where this list says so', () => {
    const joining = doors().filter(({ access }) => access?.kind === 'join-token');
    expect(joining.map(({ name }) => name).sort()).toEqual(JOINING);
  });

  it('of agents takes assertions only', () => {
    const gateway = doors().filter(({ name }) => / \/agent\/v1\//.test(name) && !JOINING.includes(name));
    expect(gateway.length).toBeGreaterThan(0);
    expect(gateway.every(({ access }) => access?.kind === 'agent')).toBe(true);
  });

  it('of GraphQL is for users', () => {
    const resolvers = doors().filter(({ name }) => name.startsWith('graphql '));
    expect(resolvers.length).toBeGreaterThanOrEqual(5);
    expect(resolvers.every(({ access }) => access?.kind === 'user')).toBe(true);
  });

  it('is one of Nest, or listed here', () => {
    const ofNest = new Set(doors().map(({ name }) => name.split(' ')[1]));
    const served = servedPaths(app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }));
    expect(served).toContain('/graphql');
    const others = served.filter((path) => !ofNest.has(path) && !BESIDE_NEST.some((listed) => listed.test(path)));
    expect(others).toEqual([]);
  });
});

/** Reads Fastify's tree of routes; a line without methods in brackets is only a step to others. */
function servedPaths(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', rest = ''] = /^([│├└─\s]*)(.*)$/.exec(line) ?? [];
    const [, segment = '', methods] = /^(\S+?)(?: \(([A-Z, ]+)\))?$/.exec(rest.trim()) ?? [];
    if (segment === '') return [];
    const depth = Math.floor(indent.length / 4);
    above.length = depth;
    above[depth] = segment;
    return methods === undefined ? [] : [above.join('').replace(/(.)\/$/, '$1')];
  });
}
