import { listField, objectOf, textField, textListField } from '../fields.js';
import { compileGoRegex } from '../go-regex.js';
import type { ScmBranch, ScmRepository } from '../remote-reader.js';
import type { GeneratorInput } from './generator.js';

/** One repository at one branch, and how to look for a path there. */
export interface Candidate {
  repository: ScmRepository;
  branch: ScmBranch;
  hasPath(path: string): Promise<boolean>;
}

type RepositoryFilter = (repository: ScmRepository) => boolean;
type BranchFilter = (candidate: Candidate) => Promise<boolean>;

/** Filters of one class are ORed, the classes ANDed (argocd-behaviour.md 1.6); an empty filter is dropped. */
export interface ScmFilters {
  takesRepository: RepositoryFilter;
  takesBranch: BranchFilter;
}

/** A filter that looks at a branch or at paths is of the branch class whole, its repository part included. */
export function scmFilters({ spec, path }: GeneratorInput): ScmFilters {
  const ofRepositories: RepositoryFilter[] = [];
  const ofBranches: BranchFilter[] = [];
  for (const [index, item] of listField(spec, 'filters', path).entries()) {
    const where = `${path}.filters[${index}]`;
    const fields = objectOf(item, where);
    const takesRepository = repositoryPart(fields, where);
    const takesBranch = branchPart(fields, where);
    if (takesBranch) ofBranches.push(async (candidate) => whole(candidate, takesRepository, takesBranch));
    else if (takesRepository) ofRepositories.push(takesRepository);
  }
  return {
    takesRepository: (repository) => ofRepositories.length === 0 || ofRepositories.some((takes) => takes(repository)),
    takesBranch: async (candidate) => ofBranches.length === 0 || (await anyTakes(ofBranches, candidate)),
  };
}

async function whole(
  candidate: Candidate,
  repository: RepositoryFilter | undefined,
  branch: BranchFilter,
): Promise<boolean> {
  return (repository?.(candidate.repository) ?? true) && (await branch(candidate));
}

async function anyTakes(filters: readonly BranchFilter[], candidate: Candidate): Promise<boolean> {
  for (const takes of filters) {
    if (await takes(candidate)) return true;
  }
  return false;
}

function repositoryPart(fields: Record<string, unknown>, path: string): RepositoryFilter | undefined {
  const name = regexField(fields, 'repositoryMatch', path);
  const label = regexField(fields, 'labelMatch', path);
  if (!name && !label) return undefined;
  return (repository) => (name?.(repository.name) ?? true) && (!label || repository.labels.some(label));
}

/** Paths cost a question each, so the name of the branch is looked at first. */
function branchPart(fields: Record<string, unknown>, path: string): BranchFilter | undefined {
  const name = regexField(fields, 'branchMatch', path);
  const present = pathsField(fields, 'pathsExist', path);
  const absent = pathsField(fields, 'pathsDoNotExist', path);
  if (!name && present.length + absent.length === 0) return undefined;
  return async ({ branch, hasPath }) => {
    if (name && !name(branch.name)) return false;
    for (const each of present) if (!(await hasPath(each))) return false;
    for (const each of absent) if (await hasPath(each)) return false;
    return true;
  };
}

function pathsField(fields: Record<string, unknown>, key: string, path: string): string[] {
  return textListField(fields, key, path).map((each) => each.replace(/\/+$/, ''));
}

/** Absent is no condition; an empty expression, which Argo CD compiles too, takes everything. */
export function regexField(
  fields: Record<string, unknown>,
  key: string,
  path: string,
): ((text: string) => boolean) | undefined {
  return fields[key] == null ? undefined : compileGoRegex(textField(fields, key, path), `${path}.${key}`);
}
