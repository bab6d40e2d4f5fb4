import { own } from '../../kernel/json.js';
import { flagField } from '../fields.js';
import { compareBytes } from '../go-format.js';
import { normalizeName } from '../normalize-name.js';
import { newParameters, ParametersList, stringMap, type Parameters } from '../parameters.js';
import type { ClusterRecord } from '../reader.js';
import { nilList } from '../templates/go/values.js';
import { compileClusterSelector, isUnselective, termsOf } from '../selector.js';
import type { Generator } from './generator.js';
import { valuesOf } from './values.js';

/** The cluster that Argo CD runs on, which no Secret names. */
export const LOCAL_CLUSTER = { name: 'in-cluster', server: 'https://kubernetes.default.svc' } as const;

/**
 * argocd-behaviour.md 1.2. Clusters come by name, where Argo CD's order is random; the implicit local cluster comes last,
 * without `metadata`, and only where the selector has no terms and no cluster bears its URL.
 */
export const clustersGenerator: Generator = async (input) => {
  const { spec, path, context } = input;
  const selector = own(spec, 'selector') ?? {};
  const matches = compileClusterSelector(selector, `${path}.selector`);
  const { pace } = context.budget;
  const clusters = await context.reads.clusters();
  const terms = termsOf(selector);
  context.budget.chargeWork(clusters.length * terms, path);
  const listed = await pace.filter(clusters, ({ labels }) => matches(labels), terms);
  context.budget.chargeParameterSets(listed.length + 1, path);
  const withValues = valuesOf(input);
  const parametersOf = context.goTemplate ? nestedParameters : flatParameters;
  const sets = await pace.map(oneForEachName(listed), (cluster) => withValues(parametersOf(cluster)));
  if (isUnselective(selector) && !listed.some(({ server }) => server === LOCAL_CLUSTER.server)) {
    sets.push(withValues(identity({ ...LOCAL_CLUSTER, project: '' })));
  }
  return flagField(spec, 'flatList', path)
    ? [newParameters({ clusters: sets.length === 0 ? nilList(new ParametersList()) : ParametersList.from(sets) })]
    : sets;
};

/** Two clusters of one name collapse into one: the last listed, and Secrets are listed by their own names. */
function oneForEachName(clusters: readonly ClusterRecord[]): ClusterRecord[] {
  const sorted = [...clusters].sort(
    (left, right) =>
      compareBytes(left.name, right.name) ||
      compareBytes(left.secret ?? '', right.secret ?? '') ||
      compareBytes(left.server, right.server),
  );
  return [...new Map(sorted.map((cluster) => [cluster.name, cluster])).values()];
}

function identity({ name, server, project }: Pick<ClusterRecord, 'name' | 'server' | 'project'>): Parameters {
  return newParameters({ name, nameNormalized: normalizeName(name), server, project });
}

function flatParameters(cluster: ClusterRecord): Parameters {
  const parameters = identity(cluster);
  for (const [key, value] of Object.entries(cluster.labels)) parameters[`metadata.labels.${key}`] = value;
  for (const [key, value] of Object.entries(cluster.annotations)) parameters[`metadata.annotations.${key}`] = value;
  return parameters;
}

/** Labels and annotations are left out when empty, so that `missingkey=error` notices. */
function nestedParameters(cluster: ClusterRecord): Parameters {
  const metadata: Record<string, unknown> = {};
  const labels = Object.entries(cluster.labels);
  const annotations = Object.entries(cluster.annotations);
  if (labels.length > 0) metadata['labels'] = stringMap(labels);
  if (annotations.length > 0) metadata['annotations'] = stringMap(annotations);
  return newParameters({ ...identity(cluster), metadata });
}
