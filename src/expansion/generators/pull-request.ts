import { canonicalJson } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { flagField, listField, objectOf } from '../fields.js';
import { newParameters, StringList, type Parameters } from '../parameters.js';
import type { ProviderQuery, PullRequest, PullRequestReader } from '../remote-reader.js';
import { slugOf } from '../slug.js';
import type { Generator, GeneratorInput } from './generator.js';
import { providerBlock, sourceName } from './provider-block.js';
import { regexField } from './scm-filters.js';
import { valuesOf } from './values.js';

/** In the order in which Argo CD looks for them; Azure DevOps is spelled in lower case here. */
const PROVIDERS = ['github', 'gitlab', 'gitea', 'bitbucketServer', 'bitbucket', 'azuredevops'];
const LONGEST_SLUG = 50;

/** argocd-behaviour.md 1.7: the open pull requests of one repository. */
export const pullRequestGenerator: Generator = async (input) => {
  const { spec, path, context } = input;
  const reader = context.reads.remote(path).pullRequests;
  const takes = filterOf(input);
  const query = providerBlock(input, PROVIDERS);
  const taken = (await pullRequests(input, query, reader)).filter(takes);
  context.budget.chargeParameterSets(taken.length, path);
  const patterns = listField(spec, 'filters', path).map(canonicalJson);
  context.reads.record(
    { path, repoURL: sourceName(query), revision: '', kind: 'pullRequests', patterns },
    taken.length,
  );
  return taken.map((pullRequest) => parametersOf(pullRequest, context.goTemplate)).map(valuesOf(input));
};

/** A repository that is not there gives nothing where the generator is told to go on. */
async function pullRequests(
  { spec, path, context }: GeneratorInput,
  query: ProviderQuery,
  reader: PullRequestReader,
): Promise<readonly PullRequest[]> {
  try {
    return await context.reads.answer(['pullRequests', query.provider, query.spec], query.path, () =>
      reader.list(query),
    );
  } catch (error) {
    const isAbsent = error instanceof ExpansionFailure && error.code === 'SCM_NOT_FOUND';
    if (isAbsent && flagField(spec, 'continueOnRepoNotFoundError', path)) return [];
    throw error;
  }
}

/** Conditions of one filter are ANDed, filters ORed. */
function filterOf({ spec, path }: GeneratorInput): (pullRequest: PullRequest) => boolean {
  const filters = listField(spec, 'filters', path).map((item, index) => {
    const where = `${path}.filters[${index}]`;
    const fields = objectOf(item, where);
    const branch = regexField(fields, 'branchMatch', where);
    const target = regexField(fields, 'targetBranchMatch', where);
    const title = regexField(fields, 'titleMatch', where);
    return (pullRequest: PullRequest) =>
      (branch?.(pullRequest.branch) ?? true) &&
      (target?.(pullRequest.targetBranch) ?? true) &&
      (title?.(pullRequest.title) ?? true);
  });
  return (pullRequest) => filters.length === 0 || filters.some((takes) => takes(pullRequest));
}

function parametersOf(pullRequest: PullRequest, goTemplate: boolean): Parameters {
  const { number, title, branch, targetBranch, headSha, labels, author } = pullRequest;
  const parameters = newParameters({
    number,
    title,
    branch,
    branch_slug: branchSlug(branch),
    target_branch: targetBranch,
    target_branch_slug: branchSlug(targetBranch),
    head_sha: headSha,
    head_short_sha: headSha.slice(0, 8),
    head_short_sha_7: headSha.slice(0, 7),
    author,
  });
  if (goTemplate) parameters['labels'] = StringList.from(labels);
  return parameters;
}

function branchSlug(branch: string): string {
  return slugOf(branch.replaceAll('_', '-'), { longest: LONGEST_SLUG, isTruncatedAtDash: true });
}
