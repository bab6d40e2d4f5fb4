import { canonicalJson } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import { listField, textField } from '../fields.js';
import { normalizeName } from '../normalize-name.js';
import { newParameters, type Parameters } from '../parameters.js';
import type { ReadFailure } from '../reader.js';
import type { ScmBranch, ScmQuery, ScmReader, ScmRepository } from '../remote-reader.js';
import type { GeneratorInput, Generator } from './generator.js';
import { providerBlock, sourceName } from './provider-block.js';
import { scmFilters, type ScmFilters } from './scm-filters.js';
import { valuesOf } from './values.js';

/** In the order in which Argo CD looks for them. */
const PROVIDERS = ['github', 'gitlab', 'gitea', 'bitbucketServer', 'azureDevOps', 'bitbucket', 'awsCodeCommit'];

/** Repositories asked about at once: a provider is not to be flooded. */
const AT_ONCE = 8;

/** argocd-behaviour.md 1.6: repositories of an organisation, each with its default or with all of its branches. */
export const scmProviderGenerator: Generator = async (input) => {
  const { spec, path, context } = input;
  const scm = context.reads.remote(path).scm;
  const filters = scmFilters(input);
  const query = { ...providerBlock(input, PROVIDERS), cloneProtocol: textField(spec, 'cloneProtocol', path) };
  const candidates = new Candidates(input, scm, query);
  const repositories = (await candidates.repositories()).filter(filters.takesRepository);
  const sets: Parameters[] = [];
  for (let at = 0; at < repositories.length; at += AT_ONCE) {
    const part = repositories.slice(at, at + AT_ONCE).map((repository) => candidates.sets(repository, filters));
    const found = (await Promise.all(part)).flat();
    context.budget.chargeParameterSets(found.length, path);
    sets.push(...found);
  }
  const patterns = listField(spec, 'filters', path).map(canonicalJson);
  context.reads.record({ path, repoURL: sourceName(query), revision: '', kind: 'repositories', patterns }, sets.length);
  return context.budget.pace.map(sets, valuesOf(input));
};

/** Asks about one provider; equal questions of a set are asked once. */
class Candidates {
  constructor(
    private readonly input: GeneratorInput,
    private readonly scm: ScmReader,
    private readonly query: ScmQuery,
  ) {}

  repositories(): Promise<readonly ScmRepository[]> {
    return this.ask(['repositories'], () => this.scm.repositories(this.query));
  }

  async sets(repository: ScmRepository, filters: ScmFilters): Promise<Parameters[]> {
    const asked = [repository.organization, repository.name];
    const branches = await this.ask(['branches', ...asked], () => this.scm.branches(this.query, repository));
    const sets: Parameters[] = [];
    for (const branch of branches) {
      const hasPath = (path: string) =>
        this.ask(['path', ...asked, branch.name, path], () =>
          this.scm.pathExists(this.query, { repository, branch, path }),
        );
      if (await filters.takesBranch({ repository, branch, hasPath })) sets.push(parametersOf(repository, branch));
    }
    return sets;
  }

  private ask<T>(what: string[], read: () => Promise<Result<T, ReadFailure>>): Promise<T> {
    const { provider, spec, cloneProtocol } = this.query;
    return this.input.context.reads.answer([provider, spec, cloneProtocol, ...what], this.query.path, read);
  }
}

function parametersOf(repository: ScmRepository, branch: ScmBranch): Parameters {
  const { organization, name, id, url, labels } = repository;
  return newParameters({
    organization,
    repository: name,
    repository_id: id,
    url,
    branch: branch.name,
    sha: branch.sha,
    short_sha: branch.sha.slice(0, 8),
    short_sha_7: branch.sha.slice(0, 7),
    labels: labels.join(','),
    branchNormalized: normalizeName(branch.name),
  });
}
