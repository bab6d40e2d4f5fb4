import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import { cleanPath } from '../../repositories/domain/git-tree.js';
import { buildEnvironment } from '../domain/build-environment.js';
import {
  applyKustomizeOptions,
  hasKustomizeOptions,
  type KustomizeContext,
} from '../domain/kustomize/kustomize-options.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import { withoutSecrets } from './kustomize-secrets.js';
import { KustomizeSources, readKustomization, type KustomizationFile, type ReadFile } from './kustomize-sources.js';
import { parseManifests } from '../read-manifests.js';
import type { PreparedRender, RenderedSource, Renderer, RenderJob } from '../renderer.js';
import type { RenderPool } from '../tools/render-pool.js';
import type { Tools } from '../tools/tools.js';

interface Plan {
  job: RenderJob;
  directories: string[];
  /** What the Helm inside kustomize is told of the cluster; absent where no chart is inflated. */
  helm?: KustomizeHelm;
  /** Set where the Application's options changed the file. */
  edited?: KustomizationFile;
}

/**
 * `kubectl kustomize` over an export that holds only what the overlay can reach: no plugins, no Helm, no network, no
 * environment, and files only from below each kustomization.
 */
export class KustomizeRenderer implements Renderer {
  readonly type = 'Kustomize';

  constructor(
    private readonly tools: Tools,
    private readonly pool: RenderPool,
  ) {}

  async prepare(job: RenderJob): Promise<Result<PreparedRender, RenderFailure>> {
    const planned = await this.plan(job);
    if (!planned.ok) return planned;
    const version = await this.tools.kustomizeVersion();
    if (!version.ok) return version;
    const helmVersion = planned.value.helm === undefined ? ok(undefined) : await this.tools.helmVersion();
    if (!helmVersion.ok) return helmVersion;
    const inputs = {
      version: version.value,
      content: contentOf(planned.value),
      edited: planned.value.edited?.content,
      ...(planned.value.helm && { helm: { ...planned.value.helm, version: helmVersion.value } }),
    };
    const mayVary = planned.value.helm !== undefined;
    return ok({ inputs, mayVary, render: () => this.pool.inFolder((folder) => this.render(planned.value, folder)) });
  }

  private async plan(job: RenderJob): Promise<Result<Plan, RenderFailure>> {
    const readFile: ReadFile = async (path) => {
      const file = await job.checkout.contents([path]);
      return file.ok ? ok(file.value[0]?.toString('utf8') ?? '') : file;
    };
    const file = await readKustomization(job.checkout.tree, job.path, readFile);
    if (!file.ok) return file;
    if (file.value === undefined) {
      return fail(renderFailure('KUSTOMIZE_FAILED', `there is no kustomization in "${job.path}"`, job.path));
    }
    const options = job.source.kustomize;
    const isEdited = hasKustomizeOptions(options);
    const content = isEdited
      ? applyKustomizeOptions(file.value.content, options, contextOf(job))
      : ok(file.value.content);
    if (!content.ok) return content;
    const reach = await new KustomizeSources(job.checkout.tree, readFile).find(job.path, content.value);
    if (!reach.ok) return reach;
    return ok({
      job,
      directories: reach.value.directories,
      ...(isEdited ? { edited: { path: file.value.path, content: content.value } } : {}),
      ...(reach.value.usesHelm ? { helm: helmOf(job) } : {}),
    });
  }

  private async render(plan: Plan, folder: string): Promise<Result<RenderedSource, RenderFailure>> {
    const kubectl = await this.tools.kubectl();
    if (!kubectl.ok) return kubectl;
    const source = join(folder, 'source');
    const exported = await plan.job.checkout.export(plan.directories, source);
    if (!exported.ok) return exported;
    if (plan.edited !== undefined) await overwrite(source, plan.edited);
    const { path } = plan.job;
    const helm = plan.helm === undefined ? ok([]) : await this.helmFlags(plan.helm);
    if (!helm.ok) return helm;
    const args = ['kustomize', join(source, path), ...helm.value];
    const program = { name: 'kustomize', command: kubectl.value, args, folder, path } as const;
    // Plugins of Helm are looked for where there are none.
    const env = { HELM_PLUGINS: join(folder, 'plugins') };
    const { directories } = plan;
    const withoutValues = (complaint: string): Promise<string> =>
      withoutSecrets(complaint, { checkout: plan.job.checkout, directories });
    const text = await this.pool.run({ ...program, env, failure: 'KUSTOMIZE_FAILED', withoutValues });
    if (!text.ok) return text;
    const documents = parseManifests(text.value, 'kustomize output');
    return documents.ok ? ok({ documents: documents.value, warnings: [] }) : documents;
  }

  private async helmFlags({ kubeVersion, apiVersions }: KustomizeHelm): Promise<Result<string[], RenderFailure>> {
    const helm = await this.tools.helm();
    if (!helm.ok) return helm;
    return ok([
      '--enable-helm',
      `--helm-command=${helm.value}`,
      ...(kubeVersion === '' ? [] : [`--helm-kube-version=${kubeVersion}`]),
      ...apiVersions.map((version) => `--helm-api-versions=${version}`),
    ]);
  }
}

interface KustomizeHelm {
  kubeVersion: string;
  apiVersions: readonly string[];
}

function helmOf({ source, cluster }: RenderJob): KustomizeHelm {
  const { kubeVersion, apiVersions } = source.kustomize ?? {};
  return {
    kubeVersion: kubeVersion || cluster.kubeVersion,
    apiVersions: [...new Set(apiVersions?.length ? apiVersions : cluster.apiVersions)].sort(),
  };
}

function contextOf({ source, application, cluster, checkout, path }: RenderJob): KustomizeContext {
  const { tree, revision } = checkout;
  return {
    environment: buildEnvironment({ application, cluster, source, revision }),
    exists: (component) => {
      const place = cleanPath(path === '' ? component : `${path}/${component}`);
      return place !== undefined && tree.get(place) !== undefined;
    },
  };
}

/**
 * What the build can read, named as it is seen from the overlay: equal overlays at different places share a bundle, and
 * a change elsewhere in the repository is none here. A symlink may lead anywhere, so then the whole commit counts.
 */
function contentOf({ job, directories }: Plan): unknown {
  const links = directories.some((path) => job.checkout.tree.under(path).some((entry) => entry.kind === 'symlink'));
  if (links) return { root: job.checkout.tree.rootSha, path: job.path };
  const content = directories.map((path) => [
    posix.relative(`/${job.path}`, `/${path}`),
    job.checkout.tree.get(path)?.sha ?? '',
  ]);
  return content.sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
}

/** The export may hold the file as a symlink: it is replaced, never written through. */
async function overwrite(root: string, file: KustomizationFile): Promise<void> {
  const path = join(root, file.path);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(file.content), { flag: 'wx' });
}
