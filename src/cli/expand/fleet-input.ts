import type { ApplicationSetDocument } from '../../expansion/applicationset-document.js';
import type { ExpansionError } from '../../expansion/expansion.js';
import type { ClusterRecord } from '../../expansion/reader.js';
import { fit } from '../../expansion/shape.js';
import { messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { groupOf } from '../../kernel/object.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { parseDocuments } from '../parse-documents.js';
import type { InputText } from '../read-input.js';
import { APP_PROJECT_SHAPE } from '../app-project-shape.js';
import { APPLICATION_SET_SHAPE } from './application-set-shape.js';
import { clusterOfDocument, clusterOfSecret, isClusterSecret } from './cluster-records.js';
import { METADATA_SHAPE } from './metadata-shape.js';

/** One ApplicationSet of the input, in its place; with errors it is not expanded. */
export interface GivenSet {
  name: string;
  namespace: string;
  document: ApplicationSetDocument;
  errors: ExpansionError[];
  warnings: string[];
}

/** All that `-f` names, sorted by what it is. */
export interface FleetInput {
  sets: GivenSet[];
  projects: Map<string, AppProjectSpec>;
  clusters: ClusterRecord[];
  /** What cannot be read at all, with its place. */
  faults: string[];
  warnings: string[];
}

type Fields = Record<string, unknown>;

const DEFAULT_NAMESPACE = 'argocd';

/** Takes every document apart from the others: a broken one is a fault and stops none. */
export function readFleet(texts: readonly InputText[]): FleetInput {
  const input: FleetInput = { sets: [], projects: new Map(), clusters: [], faults: [], warnings: [] };
  const passedOver = new Map<string, number>();
  for (const { name, text } of texts) {
    for (const [index, document] of documentsOf({ name, text }, input).entries()) {
      const where = `${name}, document ${index + 1}`;
      try {
        take(document, where, { input, passedOver });
      } catch (error) {
        input.faults.push(`${where}: ${messageOf(error)}`);
      }
    }
  }
  for (const [kind, count] of passedOver) input.warnings.push(`${count} of kind ${kind}: not read by expand`);
  if (input.sets.length === 0) input.warnings.push('the input holds no ApplicationSet');
  return input;
}

function documentsOf({ name, text }: InputText, input: FleetInput): unknown[] {
  try {
    const { documents, warnings } = parseDocuments(text);
    input.warnings.push(...warnings.map((warning) => `${name}: ${warning}`));
    return documents;
  } catch (error) {
    input.faults.push(`${name}: ${messageOf(error)}`);
    return [];
  }
}

function take(
  document: unknown,
  where: string,
  { input, passedOver }: { input: FleetInput; passedOver: Map<string, number> },
): void {
  if (!isObject(document))
    throw new Error('this is no Kubernetes document: it must be an object with kind and metadata');
  switch (`${groupOf(textOf(document, 'apiVersion'))}/${textOf(document, 'kind')}`) {
    case 'argoproj.io/ApplicationSet':
      input.sets.push(givenSet(document));
      return;
    case 'argoproj.io/AppProject':
      input.projects.set(textOf(metadataOf(document), 'name'), projectSpec(document, where, input));
      return;
    case 'fleetwright.io/Cluster':
      input.clusters.push(clusterOfDocument(document));
      return;
    case '/Secret':
      if (isClusterSecret(document)) input.clusters.push(clusterOfSecret(document));
      return;
    default: {
      const kind = textOf(document, 'kind') || '(none)';
      passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1);
    }
  }
}

function givenSet(document: Fields): GivenSet {
  const metadata = metadataOf(document);
  const { value, wrong, unknown } = fit(APPLICATION_SET_SHAPE, document, '');
  const { value: fitted, wrong: wrongMetadata } = fit(METADATA_SHAPE, metadata, 'metadata');
  const spec = own(document, 'spec');
  const errors = [...wrongMetadata, ...wrong].map(({ path, message }) => error('FIELD_TYPE', path, message));
  if (!isObject(spec) && errors.length === 0) errors.push(error('FIELD_MISSING', 'spec', 'spec is missing'));
  const name = textOf(metadata, 'name');
  const namespace = textOf(metadata, 'namespace') || DEFAULT_NAMESPACE;
  return {
    name,
    namespace,
    document: {
      ...(value as Fields),
      metadata: { ...(fitted as Fields), name, namespace },
    } as unknown as ApplicationSetDocument,
    errors,
    warnings: unknown.map((path) => notKnown(withoutDot(path))),
  };
}

function error(code: string, path: string, message: string): ExpansionError {
  return { code, message: withoutDot(message), path: withoutDot(path) };
}

/** Paths of the whole document start at its root. */
function withoutDot(path: string): string {
  return path.replace(/^\./, '');
}

function notKnown(path: string): string {
  return `${path} is not a known field and is ignored`;
}

function projectSpec(document: Fields, where: string, input: FleetInput): AppProjectSpec {
  const { value, wrong, unknown } = fit(APP_PROJECT_SHAPE, document, '');
  const [first] = wrong;
  if (first) throw new Error(`AppProject ${textOf(metadataOf(document), 'name')}: ${withoutDot(first.message)}`);
  input.warnings.push(...unknown.map((path) => `${where}: ${notKnown(withoutDot(path))}`));
  return ((value as Fields)['spec'] ?? {}) as AppProjectSpec;
}

function metadataOf(document: Fields): Fields {
  const metadata = own(document, 'metadata');
  return isObject(metadata) ? metadata : {};
}

function textOf(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === 'string' ? value : '';
}
