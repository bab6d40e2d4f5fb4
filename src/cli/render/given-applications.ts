import type { ApplicationSpec } from '../../applications/domain/application.js';
import { sourceFault } from '../../applications/domain/source-fault.js';
import { APPLICATION_SHAPE } from '../../expansion/application-shape.js';
import { fit } from '../../expansion/shape.js';
import { messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { groupOf } from '../../kernel/object.js';
import { parseDocuments } from '../parse-documents.js';
import type { InputText } from '../read-input.js';

/** One Application of the input, in its place. */
export interface GivenApplication {
  name: string;
  namespace: string;
  spec: ApplicationSpec;
}

export interface GivenApplications {
  applications: GivenApplication[];
  /** What cannot be read, with its place. */
  faults: string[];
  warnings: string[];
}

const DEFAULT_NAMESPACE = 'argocd';

/** Takes every document apart from the others: a broken one is a fault and stops none. */
export function readApplications(texts: readonly InputText[]): GivenApplications {
  const given: GivenApplications = { applications: [], faults: [], warnings: [] };
  for (const text of texts) {
    for (const [index, document] of documentsOf(text, given).entries()) {
      const where = `${text.name}, document ${index + 1}`;
      if (isApplication(document)) take(document, where, given);
      else given.warnings.push(`${where} is no Application and is passed over`);
    }
  }
  if (given.applications.length === 0) given.warnings.push('the input holds no Application');
  return given;
}

function documentsOf({ name, text }: InputText, given: GivenApplications): unknown[] {
  try {
    const { documents, warnings } = parseDocuments(text);
    given.warnings.push(...warnings.map((warning) => `${name}: ${warning}`));
    return documents;
  } catch (error) {
    given.faults.push(`${name}: ${messageOf(error)}`);
    return [];
  }
}

function isApplication(document: unknown): document is Record<string, unknown> {
  if (!isObject(document)) return false;
  const apiVersion = own(document, 'apiVersion');
  return (
    typeof apiVersion === 'string' && groupOf(apiVersion) === 'argoproj.io' && own(document, 'kind') === 'Application'
  );
}

function take(document: Record<string, unknown>, where: string, { applications, faults, warnings }: GivenApplications) {
  const { metadata, spec: written } = document;
  const { value, wrong, unknown } = fit(APPLICATION_SHAPE, { metadata, spec: written }, '');
  const fields = value as { metadata?: { name?: string; namespace?: string }; spec?: ApplicationSpec };
  const name = fields.metadata?.name ?? '';
  const said = name === '' ? where : `${where} (Application ${name})`;
  warnings.push(...unknown.map((path) => `${said}: ${path.replace(/^\./, '')} is not a known field and is ignored`));
  const fault = wrong[0]?.message ?? faultIn(name, fields.spec);
  if (fault !== undefined || fields.spec === undefined) {
    faults.push(`${said}: ${fault ?? 'spec is missing'}`);
    return;
  }
  const spec = { ...fields.spec, project: fields.spec.project ?? '', destination: fields.spec.destination ?? {} };
  applications.push({ name, namespace: fields.metadata?.namespace || DEFAULT_NAMESPACE, spec });
}

function faultIn(name: string, spec: ApplicationSpec | undefined): string | undefined {
  if (name === '') return 'metadata.name is missing';
  if (spec === undefined) return 'spec is missing';
  const fault = sourceFault(spec);
  return fault === undefined ? undefined : `${fault.path}: ${fault.message}`;
}
