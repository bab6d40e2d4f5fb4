import { canonicalJson } from '../../../kernel/json.js';
import { substitute } from '../build-environment.js';
import type { HelmOptions, RenderedApplication, TargetCluster } from '../render-request.js';

/** What Helm is told beside the chart and its value files: JSON, part of the bundle's input key. */
export interface HelmSettings {
  releaseName: string;
  namespace: string;
  kubeVersion: string;
  apiVersions: readonly string[];
  /** Of one name the last counts; ordered by name, so that equal options give equal arguments. */
  set: readonly (readonly [name: string, value: string])[];
  setString: readonly (readonly [name: string, value: string])[];
  /** Text of `values`, or `valuesObject` as JSON; undefined where neither says anything. */
  inlineValues: string | undefined;
  includeCrds: boolean;
  skipTests: boolean;
  skipSchemaValidation: boolean;
}

export interface HelmContext {
  application: RenderedApplication;
  cluster: TargetCluster;
  environment: ReadonlyMap<string, string>;
}

/** An Application's `source.helm` as Helm is to hear it (argocd-behaviour.md 4.1). */
export function helmSettings(options: HelmOptions, { application, cluster, environment }: HelmContext): HelmSettings {
  const parameters = options.parameters ?? [];
  const pairs = (forced: boolean): (readonly [string, string])[] => {
    const chosen = parameters.filter(({ forceString }) => (forceString ?? false) === forced);
    const byName = new Map(chosen.map(({ name, value }) => [name ?? '', substitute(value ?? '', environment)]));
    return [...byName].sort(([left], [right]) => (left < right ? -1 : 1));
  };
  return {
    releaseName: substitute(options.releaseName ?? '', environment) || application.name,
    namespace: options.namespace || application.namespace,
    kubeVersion: options.kubeVersion || cluster.kubeVersion,
    apiVersions: [...new Set(options.apiVersions?.length ? options.apiVersions : cluster.apiVersions)].sort(),
    set: pairs(false),
    setString: pairs(true),
    inlineValues: inlineValues(options),
    includeCrds: options.skipCrds !== true,
    skipTests: options.skipTests === true,
    skipSchemaValidation: options.skipSchemaValidation === true,
  };
}

function inlineValues({ values, valuesObject }: HelmOptions): string | undefined {
  if (valuesObject !== undefined && valuesObject !== null) return canonicalJson(valuesObject);
  return values === undefined || values === '' ? undefined : values;
}

/** Files as they lie on disk while Helm runs. */
export interface HelmFiles {
  chart: string;
  /** Later ones win. */
  values: readonly string[];
  setFile: readonly (readonly [name: string, path: string])[];
}

/** The words of `helm template`. */
export function helmArguments(settings: HelmSettings, files: HelmFiles): string[] {
  const flag = (name: string, wanted: boolean): string[] => (wanted ? [name] : []);
  return [
    'template',
    files.chart,
    `--name-template=${settings.releaseName}`,
    ...(settings.namespace === '' ? [] : [`--namespace=${settings.namespace}`]),
    ...(settings.kubeVersion === '' ? [] : [`--kube-version=${settings.kubeVersion}`]),
    ...files.values.map((path) => `--values=${path}`),
    ...settings.set.map(([name, value]) => `--set=${name}=${escapeCommas(value)}`),
    ...settings.setString.map(([name, value]) => `--set-string=${name}=${escapeCommas(value)}`),
    ...files.setFile.map(([name, path]) => `--set-file=${name}=${path}`),
    ...settings.apiVersions.map((version) => `--api-versions=${version}`),
    ...flag('--include-crds', settings.includeCrds),
    ...flag('--skip-tests', settings.skipTests),
    ...flag('--skip-schema-validation', settings.skipSchemaValidation),
  ];
}

/** A comma would begin another parameter; between braces it parts a list's members. */
function escapeCommas(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value;
  return value.replace(/(?<!\\),/g, '\\,');
}
