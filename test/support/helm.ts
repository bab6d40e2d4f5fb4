import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { testTools } from './rendering.js';
import { ROOT } from './root.js';

const run = promisify(execFile);

const found = await testTools.helm();

/** False where helm is neither bundled for this platform nor named: its specs are then skipped by name. */
export const HAS_HELM = found.ok;

export interface Chart {
  chart: 'hub' | 'agent';
  release?: string;
  namespace?: string;
  values?: object;
}

/** What helm says: its output, or why it refused. */
export async function helm(...args: readonly string[]): Promise<string> {
  if (!found.ok) throw new Error(found.error.message);
  const environment = { HOME: '/nonexistent', HELM_CACHE_HOME: `${ROOT}/.cache/helm`, PATH: '/usr/bin:/bin' };
  const { stdout } = await run(found.value, [...args], { cwd: ROOT, env: environment, maxBuffer: 16 << 20 });
  return stdout;
}

export const lint = (chart: Chart): Promise<string> => helm('lint', `charts/${chart.chart}`, ...argumentsOf(chart));

export const template = (chart: Chart): Promise<string> =>
  helm('template', chart.release ?? 'fleetwright', `charts/${chart.chart}`, ...argumentsOf(chart));

export async function render(chart: Chart): Promise<KubernetesObject[]> {
  return parseYamlDocuments(await template(chart)).filter((document) => document !== null) as KubernetesObject[];
}

/** As the chart's user reads it. */
export async function refusal(chart: Chart): Promise<string> {
  const failed = await template(chart).then(
    () => '',
    (error: { stderr?: string }) => error.stderr ?? String(error),
  );
  return failed;
}

function argumentsOf({ namespace = 'fleetwright-agent', values = {} }: Chart): string[] {
  const sets = Object.entries(values).map(([name, value]) => `--set-json=${name}=${JSON.stringify(value)}`);
  return [`--namespace=${namespace}`, ...sets];
}
