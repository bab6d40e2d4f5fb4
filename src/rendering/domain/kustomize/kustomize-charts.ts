import { isObject, own } from '../../../kernel/json.js';

/** A chart that a kustomization inflates, seen from its directory. */
export interface KustomizeChart {
  name: string;
  /** Where kustomize looks for it before it would download it. */
  path: string;
  repository: string;
}

export type ChartsFound = { charts: KustomizeChart[] } | { refused: string };

const GLOBALS = new Set(['chartHome']);
const FIELDS = new Set([
  ...['name', 'version', 'repo', 'releaseName', 'namespace', 'nameTemplate'],
  ...['valuesFile', 'additionalValuesFiles', 'valuesInline', 'valuesMerge'],
  ...['includeCRDs', 'skipHooks', 'skipTests', 'apiVersions', 'kubeVersion'],
]);

/**
 * The charts under `helmCharts`. Only what is known to stay in the repository is let through: kustomize hands names on
 * to Helm as words of its command line, where a dash would make an option of them.
 */
export function kustomizeCharts(kustomization: Record<string, unknown>): ChartsFound {
  const globals = own(kustomization, 'helmGlobals') ?? {};
  const list = own(kustomization, 'helmCharts') ?? [];
  if (!isObject(globals) || !Array.isArray(list)) return { refused: 'helmCharts is no list' };
  const strange = Object.keys(globals).find((field) => !GLOBALS.has(field));
  if (strange !== undefined) return { refused: `helmGlobals.${strange} is not allowed` };
  const chartHome = own(globals, 'chartHome') ?? 'charts';
  if (typeof chartHome !== 'string' || chartHome.startsWith('/'))
    return { refused: 'chartHome is no path in the repository' };
  const charts: KustomizeChart[] = [];
  for (const entry of list as unknown[]) {
    const found = chartOf(entry, chartHome === '' ? 'charts' : chartHome);
    if ('refused' in found) return found;
    charts.push(found);
  }
  return { charts };
}

function chartOf(entry: unknown, chartHome: string): KustomizeChart | { refused: string } {
  if (!isObject(entry)) return { refused: 'an entry of helmCharts is no object' };
  const strange = Object.keys(entry).find((field) => !FIELDS.has(field));
  if (strange !== undefined) return { refused: `helmCharts.${strange} is not allowed` };
  const { name, version, repo } = entry;
  if (typeof name !== 'string' || !isPlainName(name)) return { refused: 'helmCharts.name is no name of a chart' };
  for (const field of ['releaseName', 'namespace', 'nameTemplate', 'kubeVersion'] as const) {
    if (String(entry[field] ?? '').startsWith('-')) return { refused: `helmCharts.${field} begins with a dash` };
  }
  const repository = String(repo ?? '');
  const pulled = repository !== '' && typeof version !== 'object' && String(version ?? '') !== '';
  if (pulled && !isPlainName(`${name}-${String(version)}`)) return { refused: 'helmCharts.version is no version' };
  return { name, repository, path: `${chartHome}/${pulled ? `${name}-${String(version)}/` : ''}${name}` };
}

function isPlainName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9._+-]*$/.test(name);
}
