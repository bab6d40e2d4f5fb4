import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileArgoPolicy, type ArgoPolicy } from '../../src/access/domain/argo-policy.js';
import type { RolePolicies } from '../../src/access/domain/role-policies.js';
import type { AppProject } from '../../src/projects/domain/app-project.js';
import { appProjectSchema } from '../../src/projects/domain/app-project.js';
import { permitsDestination, type Destination } from '../../src/projects/domain/permits-destination.js';
import { permitsKind, type ObjectKind } from '../../src/projects/domain/permits-kind.js';
import { permitsSource } from '../../src/projects/domain/permits-source.js';
import { projectFaults } from '../../src/projects/domain/validate-project.js';

interface ProjectRequest {
  source?: { repoURL: string };
  destination?: Destination;
  kind?: ObjectKind;
  syncWindow?: unknown;
}

interface PolicyRequest {
  subject: string;
  groups: string[];
  resource: string;
  verb: string;
  object: string;
}

interface Expected {
  expected: { allowed?: boolean[]; error?: string };
}

type ProjectLine = Expected & { project: AppProject; requests: ProjectRequest[] };
type PolicyLine = Expected & {
  policy: string;
  defaultRole: string;
  matchMode: string;
  projects: AppProject[];
  requests: PolicyRequest[];
};

const file = path.join(import.meta.dirname, '../fixtures/conformance/access.jsonl');
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ProjectLine | PolicyLine);
const projectLines = lines.filter((line): line is ProjectLine => 'project' in line);
const policyLines = lines.filter((line): line is PolicyLine => 'policy' in line);

/** Not built yet: sync windows (issue 8) and regular expressions in policies. */
const isSyncWindowRequest = (request: ProjectRequest): boolean => request.syncWindow !== undefined;
const isRegexLine = (line: PolicyLine): boolean => line.matchMode === 'regex';

function projectVerdict({ spec }: AppProject, { source, destination, kind }: ProjectRequest): boolean {
  if (source) return permitsSource(spec, source.repoURL).allowed;
  if (destination) return permitsDestination(spec, destination).allowed;
  return permitsKind(spec, kind as ObjectKind).allowed;
}

function rolesOf({ spec }: AppProject): RolePolicies[] {
  return (spec.roles ?? []).map(({ name, policies, groups }) => ({
    role: name,
    policies: policies ?? [],
    groups: groups ?? [],
  }));
}

function compile({ policy, defaultRole, projects }: PolicyLine): ArgoPolicy | undefined {
  const compiled = compileArgoPolicy({
    policy,
    defaultRole,
    projects: projects.map((project) => ({ name: project.metadata.name, roles: rolesOf(project) })),
  });
  return compiled.ok ? compiled.value : undefined;
}

describe('projects judged as Argo CD judges them', () => {
  it.each(projectLines.map((line, index) => ({ index, line })))('project sample $index', ({ line }) => {
    const { project, requests, expected } = line;
    const { apiVersion: _v, kind: _k, metadata, ...body } = project;
    expect(appProjectSchema.safeParse(body).error).toBeUndefined();
    expect(projectFaults(metadata.name, project.spec).length > 0).toBe(expected.error !== undefined);
    const judged = requests
      .map((request, at) => ({ request, at }))
      .filter(({ request }) => !isSyncWindowRequest(request));
    if (expected.error !== undefined) return;
    const answers = judged.map(({ request, at }) => ({ at, request, allowed: projectVerdict(project, request) }));
    expect(answers).toEqual(answers.map((answer) => ({ ...answer, allowed: expected.allowed?.[answer.at] })));
  });

  it('runs every project sample and every request but those about sync windows', () => {
    const requests = projectLines.filter(({ expected }) => expected.allowed).flatMap((line) => line.requests);
    expect(projectLines).toHaveLength(30);
    expect(requests.filter((request) => !isSyncWindowRequest(request))).toHaveLength(728);
    expect(requests.filter(isSyncWindowRequest)).toHaveLength(requests.length - 728);
  });
});

describe('policies judged as Argo CD judges them', () => {
  const run = policyLines.filter((line) => !isRegexLine(line));

  it.each(run.map((line, index) => ({ index, line })))('policy sample $index', ({ line }) => {
    const { requests, expected } = line;
    const policy = compile(line);
    expect(policy === undefined).toBe(expected.error !== undefined);
    if (!policy) return;
    const answers = requests.map((request) => ({ request, ...policy({ ...request, action: request.verb }) }));
    expect(answers).toEqual(answers.map((answer, at) => ({ ...answer, allowed: expected.allowed?.[at] })));
  });

  it('runs every policy sample but those in regex mode', () => {
    expect(run).toHaveLength(27);
    expect(run.flatMap((line) => (line.expected.allowed ? line.requests : []))).toHaveLength(375);
    expect(policyLines.filter(isRegexLine)).toHaveLength(3);
  });
});
