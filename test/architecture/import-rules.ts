import type { Import, ImportGraph, SourceFile } from './import-graph.js';

/** Foundations: rooms that every feature stands on, each with the rooms it may stand on itself. */
const FOUNDATIONS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  config: ['kernel'],
  kubernetes: ['kernel'],
  changes: ['kernel'],
  database: ['kernel'],
  reconcile: ['kernel', 'database'],
  access: ['kernel', 'database', 'audit'],
  audit: ['kernel', 'database', 'access'],
  documents: ['kernel', 'kubernetes', 'changes', 'database', 'access', 'audit'],
  simulator: ['kernel', 'kubernetes'],
  tls: ['kernel'],
};

/** They know each other by services, ports and domain types; which of them is free to grow, cycles of files are not. */
export const FEATURES = [
  'applications',
  'applicationsets',
  'approvals',
  'clusters',
  'dispatch',
  'expansion',
  'generation',
  'notifications',
  'projects',
  'rendering',
  'repositories',
  'secret-stores',
] as const;

const GROUND = ['kernel', 'kubernetes', 'changes', 'database', 'reconcile', 'access', 'audit', 'documents'];

/** Which rooms a room may import; rooms that are not here do not exist (design.md section 5). */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  ...FOUNDATIONS,
  ...Object.fromEntries(FEATURES.map((feature) => [feature, [...GROUND, ...FEATURES]])),
  api: [...GROUND, ...FEATURES],
  demo: [...GROUND, ...FEATURES, 'api', 'config', 'simulator', 'hub-process.ts'],
  cli: ['kernel', 'kubernetes', 'changes', 'access', 'documents', ...FEATURES],
};

/** Files with no framework and no I/O, which the agent, the hub and the command line share. */
export const PURE =
  /(^|\/)domain\/|^kernel\/|^changes\/|^dispatch\/protocol\/|^expansion\/(?!fetchers\/)|^kubernetes\/(?!client\/)|^access\/access-object\.ts$/;

const FRAMEWORK_OR_IO = /^(@nestjs\/|typeorm|pg$|pg\/|undici|fastify|mercurius|graphql|pino|rxjs|node:)/;
const SERVER_SIDE = /^(@nestjs\/|typeorm|pg$|pg\/|fastify|mercurius|graphql)/;
const STORE = /(\.entity|\.repository|-store|\/object-rows|\/object-queries|\/data-source|\/entities)\.ts$/;

/** Stores that are a feature's door for others, exported by its module. */
const OPEN_STORES = new Set([
  'clusters/agents/agent-store.ts',
  'dispatch/gateway/deliveries/deliveries-store.ts',
  'rendering/bundle-store.ts',
]);

export interface Rule {
  name: string;
  violations(graph: ImportGraph): string[];
  /** Files that break the rule: a rule that lets them pass guards nothing. */
  proof: Readonly<Record<string, string>>;
}

export const RULES: readonly Rule[] = [
  {
    name: 'a room imports only the rooms it is listed with',
    violations: (graph) =>
      offending(
        graph,
        (file, each) => each.own && !isSliceOfConfig(each) && !roomMayImport(roomOf(file.path), roomOf(each.target)),
      ),
    proof: { 'changes/plan.ts': `import { x } from '../applications/domain/application.js';` },
  },
  {
    name: 'nothing but entry points and the demo imports the API',
    violations: (graph) =>
      offending(
        graph,
        (file, each) =>
          !isEntry(file.path) && !['api', 'demo'].includes(roomOf(file.path)) && /^api\//.test(each.target),
      ),
    proof: { 'clusters/clusters.service.ts': `import { x } from '../api/errors/status.js';` },
  },
  {
    name: 'pure files import no framework and no I/O',
    violations: (graph) =>
      offending(
        graph,
        (file, { target }) =>
          PURE.test(file.path) && FRAMEWORK_OR_IO.test(target) && !isKernelHashing(file.path, target),
      ),
    proof: { 'applications/domain/clock.ts': `import { readFile } from 'node:fs/promises';` },
  },
  {
    name: 'pure files load only pure files',
    violations: (graph) =>
      offending(graph, (file, each) => each.own && !each.typeOnly && PURE.test(file.path) && !PURE.test(each.target)),
    proof: { 'projects/domain/rule.ts': `import { ObjectStore } from '../../database/transactions.js';` },
  },
  {
    name: 'the API reads through services and queries, never through entities and stores',
    violations: (graph) =>
      offending(
        graph,
        (file, { target, own }) =>
          roomOf(file.path) === 'api' && (own ? STORE.test(target) : /^(typeorm|pg)(\/|$)/.test(target)),
      ),
    proof: {
      'api/rest/clusters.controller.ts': `import { ObjectStore } from '../../database/objects/object-store.js';`,
    },
  },
  {
    name: "no feature imports another feature's entity, repository or store",
    violations: (graph) =>
      offending(
        graph,
        (file, { target }) =>
          isFeature(file.path) &&
          isFeature(target) &&
          roomOf(file.path) !== roomOf(target) &&
          STORE.test(target) &&
          !OPEN_STORES.has(target),
      ),
    proof: { 'applications/applications.service.ts': `import { x } from '../clusters/join/join-token-store.js';` },
  },
  {
    name: 'the agent reaches no Nest, no TypeORM and no database',
    violations: (graph) => reaching(graph, /^dispatch\/agent\/|^agent\.ts$/),
    proof: {
      'dispatch/agent/loop.ts': `import { a } from '../../rendering/domain/far.js';`,
      'rendering/domain/far.ts': `import { b } from '../../database/transactions.js';`,
      'database/transactions.ts': `import { DataSource } from 'typeorm';`,
    },
  },
  {
    name: 'the command line reaches no Nest, no TypeORM and no database',
    violations: (graph) => reaching(graph, /^cli\//),
    proof: { 'cli/expand.ts': `import { Injectable } from '@nestjs/common';` },
  },
  {
    name: 'files do not load each other in a circle',
    violations: cycles,
    proof: { 'kernel/a.ts': `export { b } from './b.js';`, 'kernel/b.ts': `export { a } from './a.js';` },
  },
  {
    name: 'there are no barrels',
    violations: (graph) =>
      [...graph.values()]
        .filter(
          (file) =>
            /(^|\/)index\.ts$/.test(file.path) || file.isBarrel || file.imports.some(({ exportsAll }) => exportsAll),
        )
        .map(({ path }) => path),
    proof: { 'clusters/index.ts': `export * from './clusters.service.js';` },
  },
  {
    name: 'only config reads the environment',
    violations: (graph) => saying(graph, /\bprocess\.env\b/, /^config\//),
    proof: { 'clusters/clusters.service.ts': `const home = process.env.HOME;` },
  },
  {
    name: 'nothing needs forwardRef',
    violations: (graph) => saying(graph, /\bforwardRef\b/, /^$/),
    proof: { 'clusters/clusters.module.ts': `import { forwardRef } from '@nestjs/common';` },
  },
  {
    name: 'HTTP exceptions stay in the API',
    violations: (graph) =>
      saying(graph, /\b(Http|BadRequest|NotFound|Forbidden|Unauthorized|Conflict|\w*Entity)Exception\b/, /^api\//),
    proof: { 'clusters/clusters.service.ts': `throw new NotFoundException('no such cluster');` },
  },
  {
    name: 'time and chance come from outside a pure file',
    violations: (graph) =>
      [...graph.values()]
        .filter(
          ({ path, text }) =>
            PURE.test(path) &&
            !/^kernel\/(clock|ids)\.ts$/.test(path) &&
            /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/.test(text),
        )
        .map(({ path }) => path),
    proof: { 'applications/domain/window.ts': `const now = Date.now();` },
  },
];

export function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** Entry points, the composition root and what starts a process: they may know every room. */
export function isEntry(file: string): boolean {
  return !file.includes('/');
}

function roomMayImport(from: string, to: string): boolean {
  return from === to || from.endsWith('.ts') || (ROOMS[from]?.includes(to) ?? false);
}

/** Modules are given their slice of the configuration, and know its type. */
function isSliceOfConfig({ target, typeOnly }: Import): boolean {
  return typeOnly && target === 'config/hub-config.ts';
}

function isFeature(file: string): boolean {
  return (FEATURES as readonly string[]).includes(roomOf(file));
}

function isKernelHashing(file: string, target: string): boolean {
  return roomOf(file) === 'kernel' && target === 'node:crypto';
}

function offending(graph: ImportGraph, breaks: (file: SourceFile, each: Import) => boolean): string[] {
  return [...graph.values()].flatMap((file) =>
    file.imports.filter((each) => breaks(file, each)).map((each) => `${file.path} imports ${each.target}`),
  );
}

function saying(graph: ImportGraph, words: RegExp, except: RegExp): string[] {
  return [...graph.values()].filter(({ path, text }) => !except.test(path) && words.test(text)).map(({ path }) => path);
}

/** Chains of loaded files from the given ones to a server's library or the database. */
function reaching(graph: ImportGraph, from: RegExp): string[] {
  const starts = [...graph.keys()].filter((file) => from.test(file));
  const seen = new Set(starts);
  const open = starts.map((file) => [file]);
  const found: string[] = [];
  for (let chain = open.shift(); chain; chain = open.shift()) {
    for (const { target, own, typeOnly } of graph.get(chain.at(-1) ?? '')?.imports ?? []) {
      if (typeOnly) continue;
      if (own ? roomOf(target) === 'database' : SERVER_SIDE.test(target)) found.push([...chain, target].join(' -> '));
      else if (own && !seen.has(target)) {
        seen.add(target);
        open.push([...chain, target]);
      }
    }
  }
  return found;
}

function cycles(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    const at = above.indexOf(file);
    if (at >= 0) found.push([...above.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const { target, own, typeOnly } of graph.get(file)?.imports ?? []) {
      if (own && !typeOnly) visit(target, [...above, file]);
    }
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
