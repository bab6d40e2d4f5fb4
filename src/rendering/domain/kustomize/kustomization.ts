import { isObject } from '../../../kernel/json.js';

/** What one kustomization file points at, as written. */
export interface KustomizationReferences {
  /** Files or further kustomizations. */
  resources: string[];
  /** The same, of plugin configurations, whose own paths must be looked at too. */
  plugins: string[];
  /** Only ever files, which kustomize keeps inside the kustomization's own directory. */
  files: string[];
  /** It names charts to inflate (kustomize-charts.ts). */
  hasCharts: boolean;
  /** Fields that run Helm in ways that are not looked into. */
  helm: string[];
}

const RESOURCES = ['resources', 'bases', 'components'];
const PLUGINS = ['generators', 'transformers', 'validators'];
const FILES = ['crds', 'configurations', 'patchesStrategicMerge'];
const HOLDERS_OF_PATHS = [
  'patches',
  'patchesJson6902',
  'replacements',
  'openapi',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
];
const PATHS = ['path', 'files', 'envs', 'env', 'paths', 'file', 'configFile', 'valuesFile', 'additionalValuesFiles'];
const CHARTS = ['helmCharts', 'helmGlobals'];
const HELM = 'helmChartInflationGenerator';

/**
 * Reads field names as Go's JSON decoder does, whatever their case: what kustomize would follow must not pass unseen
 * because it is spelled `Resources`.
 */
export function referencesOf(kustomization: Record<string, unknown>): KustomizationReferences {
  const holders = HOLDERS_OF_PATHS.flatMap((field) => fieldsNamed(kustomization, field));
  return {
    resources: RESOURCES.flatMap((field) => textsOf(kustomization, field)),
    plugins: PLUGINS.flatMap((field) => textsOf(kustomization, field)),
    files: [...FILES.flatMap((field) => textsOf(kustomization, field)), ...holders.flatMap(pathsIn)],
    hasCharts: CHARTS.some((field) => Object.hasOwn(kustomization, field)),
    helm: Object.keys(kustomization).filter(
      (name) =>
        folded(name) === folded(HELM) || CHARTS.some((field) => folded(name) === folded(field) && name !== field),
    ),
  };
}

/** Every path a plugin configuration may read, wherever it stands in it. */
export function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  if (!isObject(value)) return [];
  const named = PATHS.flatMap((field) => textsOf(value, field)).flatMap(withoutKey);
  return [...named, ...Object.values(value).flatMap(pathsIn)];
}

/** Whether kustomize would fetch this over the network instead of opening a file. */
export function isRemoteReference(reference: string): boolean {
  return REMOTE.some((pattern) => pattern.test(reference));
}

const REMOTE = [
  /^\s*[a-z][a-z0-9+.-]*:/i,
  /^\s*git::/i,
  /^[^/\s]+@[^/\s]+[:/]/,
  /^(?:www\.)?github\.com[/:]/i,
  /\.git(?:[/?]|$)/i,
  /_git\//,
  /\?(?:ref|version|timeout|submodules)=/,
];

/** `key=path` of a generator's files: whatever the key holds, what follows it is opened. */
function withoutKey(text: string): string[] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text] : [text, text.slice(equals + 1)];
}

function textsOf(object: Record<string, unknown>, field: string): string[] {
  return fieldsNamed(object, field)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is string => typeof value === 'string');
}

function fieldsNamed(object: Record<string, unknown>, field: string): unknown[] {
  return Object.entries(object)
    .filter(([name]) => folded(name) === folded(field))
    .map(([, value]) => value);
}

// Up, then down: `ſ` and the Kelvin sign are an s and a k to Go.
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
