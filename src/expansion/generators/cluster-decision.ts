import { canonicalJson, isObject, own } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { textField, textMapField, typeName } from '../fields.js';
import { compareBytes, formatGoValue } from '../go-format.js';
import { newParameters, stringMap, type Parameters } from '../parameters.js';
import type { DecisionDocument } from '../remote-reader.js';
import { compileClusterSelector, isUnselective, termsOf } from '../selector.js';
import { LOCAL_CLUSTER } from './clusters.js';
import type { Generator, GeneratorInput } from './generator.js';

/** What the generator's ConfigMap says: which documents decide, and where in them. */
interface DecisionKind {
  apiVersion: string;
  plural: string;
  statusListKey: string;
  /** Which key of a decision is the cluster's name. */
  matchKey: string;
}

/**
 * argocd-behaviour.md 1.8: the clusters that other documents' status lists, such as PlacementDecisions. Decisions about
 * clusters that are not there are passed over.
 */
export const clusterDecisionGenerator: Generator = async (input) => {
  const { path, context } = input;
  const { decisions } = context.reads.remote(path);
  const takes = choiceOf(input);
  const kind = await decisionKind(input);
  const { apiVersion, plural } = kind;
  const all = await context.reads.answer([apiVersion, plural], path, () => decisions.documents({ apiVersion, plural }));
  const { budget } = context;
  const terms = termsOf(own(input.spec, 'labelSelector'));
  budget.chargeWork(all.length * terms, path);
  const chosen = await budget.pace.filter(all, takes, terms);
  if (chosen.length === 0) {
    throw new ExpansionFailure('DECISIONS_NOT_FOUND', `no ${plural} of ${apiVersion} is chosen by ${path}`, path);
  }
  const listed = kind.matchKey === '' ? [] : chosen.flatMap((document) => listOf(document, kind, path));
  if (kind.matchKey === '') context.budget.warnings.add(`${path}: the ConfigMap names no matchKey, so nothing matches`);
  const sets = await matched(input, listed, kind);
  context.budget.chargeParameterSets(sets.length, path);
  const patterns = [canonicalJson([own(input.spec, 'name') ?? '', own(input.spec, 'labelSelector') ?? {}])];
  context.reads.record(
    { path, repoURL: `${plural}.${apiVersion}`, revision: '', kind: 'decisions', patterns },
    sets.length,
  );
  return sets;
};

/** By name or by labels: one of them, and not both. */
function choiceOf({ spec, path }: GeneratorInput): (document: DecisionDocument) => boolean {
  const name = textField(spec, 'name', path);
  const selector = own(spec, 'labelSelector');
  if ((name === '') === isUnselective(selector)) {
    throw new ExpansionFailure('DECISION_CHOICE', `${path} needs either name or labelSelector`, path);
  }
  if (name !== '') return (document) => document.name === name;
  const matches = compileClusterSelector(selector, `${path}.labelSelector`);
  return ({ labels }) => matches(labels);
}

async function decisionKind({ spec, path, context }: GeneratorInput): Promise<DecisionKind> {
  const { decisions } = context.reads.remote(path);
  const name = textField(spec, 'configMapRef', path);
  const data = await context.reads.answer(['configMap', name], path, () => decisions.configMap(name));
  const text = (key: string): string => String(own(data, key) ?? '');
  const apiVersion = text('apiVersion');
  if (text('kind') === '' || apiVersion.indexOf('/') < 1) {
    const message = `the ConfigMap "${name}" must hold kind, a plural, and apiVersion, as group/version`;
    throw new ExpansionFailure('DECISION_CONFIG', message, path);
  }
  const statusListKey = text('statusListKey') || 'clusters';
  return { apiVersion, plural: text('kind'), statusListKey, matchKey: text('matchKey') };
}

/** A document that has decided nothing yet gives nothing; one whose list is none is refused, where Argo CD crashes. */
function listOf({ name, status }: DecisionDocument, kind: DecisionKind, path: string): Record<string, unknown>[] {
  if (status === undefined || Object.keys(status).length === 0) return [];
  const list = own(status, kind.statusListKey);
  if (Array.isArray(list) && list.every(isObject)) return list;
  const message = `status.${kind.statusListKey} of ${kind.plural} "${name}" must be a list of objects, it is ${typeName(list)}`;
  throw new ExpansionFailure('DECISION_STATUS', message, path);
}

async function matched(
  input: GeneratorInput,
  listed: Record<string, unknown>[],
  { matchKey }: DecisionKind,
): Promise<Parameters[]> {
  const servers = new Map((await knownClusters(input)).map(({ name, server }) => [name, server]));
  return listed.flatMap((decision) => {
    const name = own(decision, matchKey);
    const server = typeof name === 'string' ? servers.get(name) : undefined;
    return server === undefined ? [] : [parametersOf(input, { name: String(name), server }, decision)];
  });
}

/** The fleet, and the local cluster where none of it bears its URL. */
async function knownClusters({ context }: GeneratorInput): Promise<{ name: string; server: string }[]> {
  const clusters = [...(await context.reads.clusters())].sort((left, right) => compareBytes(left.server, right.server));
  const isLocalKnown = clusters.some(({ server }) => server === LOCAL_CLUSTER.server);
  return isLocalKnown ? clusters : [LOCAL_CLUSTER, ...clusters];
}

/** Every key of the decision as text over the cluster's own; `values` are copied as they are. */
function parametersOf(
  { spec, path, context }: GeneratorInput,
  cluster: { name: string; server: string },
  decision: Record<string, unknown>,
): Parameters {
  const parameters = newParameters(cluster);
  for (const [key, value] of Object.entries(decision)) parameters[key] = formatGoValue(value);
  const values = textMapField(spec, 'values', path);
  if (values.length === 0) return parameters;
  if (context.goTemplate) parameters['values'] = stringMap(values);
  else for (const [key, value] of values) parameters[`values.${key}`] = value;
  return parameters;
}
