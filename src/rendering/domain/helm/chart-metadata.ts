import { isObject } from '../../../kernel/json.js';

/** A chart another chart needs, as its Chart.yaml names it. */
export interface ChartDependency {
  name: string;
  /** A version or a range; '' is any. */
  version: string;
  /** `file://…` beside it, `https://…`, `oci://…`, or '' where the chart brings it along. */
  repository: string;
}

export interface ChartMetadata {
  dependencies: ChartDependency[];
  /** It says which Kubernetes versions it is for. */
  constrainsKubernetes: boolean;
}

export interface ChartFiles {
  chart: unknown;
  /** requirements.yaml of charts of the first kind. */
  requirements?: unknown;
  /** Chart.lock or requirements.lock: the versions that were chosen last. */
  lock?: unknown;
}

/** What decides which files a chart is made of. What Helm would complain of is left to Helm. */
export function chartMetadata({ chart, requirements, lock }: ChartFiles): ChartMetadata {
  const fields = isObject(chart) ? chart : {};
  const locked = dependenciesIn(lock);
  const dependencies = [...dependenciesIn(chart), ...dependenciesIn(requirements)].map((wanted) => {
    // Of a chart under several aliases each has its own entry, in the same order.
    const at = locked.findIndex(({ name, repository }) => name === wanted.name && repository === wanted.repository);
    const [chosen] = at < 0 ? [] : locked.splice(at, 1);
    return chosen === undefined ? wanted : { ...wanted, version: chosen.version };
  });
  return { dependencies, constrainsKubernetes: typeof fields.kubeVersion === 'string' && fields.kubeVersion !== '' };
}

function dependenciesIn(file: unknown): ChartDependency[] {
  const list = isObject(file) && Array.isArray(file.dependencies) ? (file.dependencies as unknown[]) : [];
  return list.filter(isObject).map((entry) => ({
    name: textOf(entry.name),
    version: textOf(entry.version),
    repository: textOf(entry.repository),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
