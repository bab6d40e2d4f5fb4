import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { digestBytes } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import type { Checkouts } from '../../repositories/domain/checkout.js';
import { maskValues } from '../../kubernetes/mask-values.js';
import { buildEnvironment, substitute } from '../domain/build-environment.js';
import { helmArguments, helmSettings, type HelmSettings } from '../domain/helm/helm-settings.js';
import type { RenderFailure } from '../domain/render-failure.js';
import { parseDocuments } from '../parse-documents.js';
import { parseManifests } from '../read-manifests.js';
import type { PreparedRender, RenderedSource, Renderer, RenderJob } from '../renderer.js';
import type { RenderPool } from '../tools/render-pool.js';
import type { Tools } from '../tools/tools.js';
import { ChartSource, type Chart } from './chart-source.js';
import { ValueFiles } from './value-files.js';

export interface HelmRendererOptions {
  tools: Tools;
  pool: RenderPool;
  /** For the charts that charts depend on. */
  checkouts: Checkouts;
}

interface Plan {
  job: RenderJob;
  chart: Chart;
  settings: HelmSettings;
  /** Texts of value files; later ones win. */
  values: readonly string[];
  /** Texts of file parameters by the value they set. */
  files: readonly (readonly [name: string, text: string])[];
}

/**
 * `helm template` over an export of the chart alone, its dependencies put beside it by the hub: no network, no plugins,
 * no environment, and value files that were read from their repositories before.
 */
export class HelmRenderer implements Renderer {
  readonly type = 'Helm';
  private readonly charts: ChartSource;

  constructor(private readonly options: HelmRendererOptions) {
    this.charts = new ChartSource(options.checkouts);
  }

  async prepare(job: RenderJob): Promise<Result<PreparedRender, RenderFailure>> {
    const version = await this.options.tools.helmVersion();
    if (!version.ok) return version;
    const chart = await this.charts.open(job);
    if (!chart.ok) return chart;
    const plan = await planOf(job, chart.value);
    if (!plan.ok) return plan;
    const inputs = { version: version.value, ...inputsOf(plan.value) };
    return ok({
      inputs,
      mayVary: true,
      render: () => this.options.pool.inFolder((folder) => this.render(plan.value, folder)),
    });
  }

  private async render(plan: Plan, folder: string): Promise<Result<RenderedSource, RenderFailure>> {
    const helm = await this.options.tools.helm();
    if (!helm.ok) return helm;
    const { path } = plan.job;
    const laidOut = await this.charts.layOut(plan.job, plan.chart, join(folder, 'source'));
    if (!laidOut.ok) return laidOut;
    const files = { chart: join(folder, 'source', path), ...(await writeTexts(plan, folder)) };
    const args = helmArguments(plan.settings, files);
    const program = { name: 'helm', command: helm.value, args, folder, path, failure: 'HELM_FAILED' } as const;
    const withoutValues = (complaint: string): Promise<string> => maskedComplaint(complaint, plan, files.chart);
    const text = await this.options.pool.run({ ...program, env: homesOf(folder), withoutValues });
    if (!text.ok) return text;
    const documents = parseManifests(text.value, 'helm output');
    return documents.ok ? ok({ documents: documents.value, warnings: [] }) : documents;
  }
}

async function planOf(job: RenderJob, chart: Chart): Promise<Result<Plan, RenderFailure>> {
  const { source, application, cluster, checkout } = job;
  const options = source.helm ?? {};
  const environment = buildEnvironment({ application, cluster, source, revision: checkout.revision });
  const reader = new ValueFiles(job, environment);
  const ignoreMissing = options.ignoreMissingValueFiles === true;
  const values = await reader.readAll(options.valueFiles ?? [], { ignoreMissing });
  if (!values.ok) return values;
  const settings = helmSettings(options, { application, cluster, environment });
  const files: [string, string][] = [];
  for (const { name = '', path = '' } of options.fileParameters ?? []) {
    const text = await reader.read(substitute(path, environment));
    if (!text.ok) return text;
    files.push([name, text.value]);
  }
  const inline = settings.inlineValues === undefined ? [] : [settings.inlineValues];
  return ok({ job, chart, settings, values: [...values.value, ...inline], files });
}

/** What the cluster serves changes the output only where something asks for it. */
function inputsOf({ chart, settings, values, files }: Plan): object {
  const { kubeVersion, apiVersions, inlineValues: _listed, ...others } = settings;
  const asks = chart.seesCluster || values.some((text) => text.includes('Capabilities'));
  return {
    chart: chart.content,
    settings: asks ? { ...others, kubeVersion, apiVersions } : others,
    values: values.map(digestBytes),
    files: files.map(([name, text]) => [name, digestBytes(text)]),
  };
}

/** Any of the values that Helm was given may be a password, and what a template fails with may repeat it. */
async function maskedComplaint(
  complaint: string,
  { job, settings, values, files }: Plan,
  chart: string,
): Promise<string> {
  const own = await readFile(join(chart, 'values.yaml'), 'utf8').catch(() => '');
  const documents = [own, ...values].flatMap((text) => {
    const parsed = parseDocuments(text, 'values');
    return parsed.ok ? parsed.value.map(({ value }) => value) : text.split(/\s+/);
  });
  const named = [...settings.set, ...settings.setString, ...files];
  const { namespace, releaseName } = settings;
  return maskValues(complaint, {
    documents,
    named,
    spared: [namespace, releaseName, basename(job.path), 'true', 'false'],
  });
}

/** Under names of our own: what users call their files may mean something to Helm. */
async function writeTexts({ values, files }: Plan, folder: string) {
  const directory = join(folder, 'values');
  await mkdir(directory);
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const written = await Promise.all(values.map((text, index) => write(`${index}.yaml`, text)));
  const setFile = await Promise.all(
    files.map(async ([name, text], index) => [name, await write(`file-${index}`, text)] as const),
  );
  return { values: written, setFile };
}

function homesOf(folder: string): Record<string, string> {
  return {
    HELM_CACHE_HOME: join(folder, 'helm'),
    HELM_CONFIG_HOME: join(folder, 'helm'),
    HELM_DATA_HOME: join(folder, 'helm'),
    HELM_PLUGINS: join(folder, 'helm', 'plugins'),
  };
}
