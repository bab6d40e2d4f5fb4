import { isObject, own } from '../../kernel/json.js';
import type { ApplicationSetDocument } from '../applicationset-document.js';
import type { Budget } from '../budget.js';
import type { GeneratedApplication, Origin } from '../expansion.js';
import type { Parameters } from '../parameters.js';
import type { DocumentTemplate } from './document-template.js';
import type { TemplatePatch } from './template-patch.js';

const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const CASCADE = Object.freeze([CASCADE_FINALIZER]) as string[];
const DEFAULT_NAMESPACE = 'argocd';

type Fields = Record<string, unknown>;

/** What does not change from one Application of a set to the next. */
export interface ApplicationRules {
  namespace: string;
  /** The cascading finalizer is not added where the set preserves resources on deletion. */
  addsFinalizer: boolean;
  patch: TemplatePatch | undefined;
}

export function applicationRules(set: ApplicationSetDocument, patch: TemplatePatch | undefined): ApplicationRules {
  return {
    namespace: set.metadata.namespace ?? DEFAULT_NAMESPACE,
    addsFinalizer: set.spec.syncPolicy?.preserveResourcesOnDeletion !== true,
    patch,
  };
}

export interface Rendering {
  /** The merged template, once as text and once compiled. */
  source: unknown;
  template: DocumentTemplate;
  parameters: Parameters;
  origin: Origin;
}

/**
 * One Application (argocd-behaviour.md 2.1, 2.5): rendered, given the cascading finalizer unless the template has one of
 * its own, patched, and put into the set's namespace. Without parameters the template is taken as it is.
 */
export function renderApplication(rendering: Rendering, rules: ApplicationRules, budget: Budget): GeneratedApplication {
  const { source, template, parameters, origin } = rendering;
  const isTemplated = Object.keys(parameters).length > 0;
  const rendered = (isTemplated ? template.render(parameters, budget) : source) as Fields;
  const finalizers = isTemplated && rules.addsFinalizer ? missingFinalizers(rendered) : undefined;
  const application = rules.patch
    ? rules.patch.apply(withFinalizers(rendered, finalizers), parameters, budget)
    : rendered;
  const stored = fieldsOf(application, 'metadata');
  const metadata: GeneratedApplication['metadata'] = {
    ...stored,
    name: textOf(stored, 'name'),
    namespace: rules.namespace,
  };
  if (finalizers && !rules.patch) metadata.finalizers = finalizers;
  return { metadata, spec: fieldsOf(application, 'spec'), origin };
}

/** Undefined where the template has some of its own. */
function missingFinalizers(document: Fields): string[] | undefined {
  const finalizers = own(fieldsOf(document, 'metadata'), 'finalizers');
  return Array.isArray(finalizers) && finalizers.length > 0 ? undefined : CASCADE;
}

function withFinalizers(document: Fields, finalizers: string[] | undefined): Fields {
  if (!finalizers) return document;
  return { ...document, metadata: { ...fieldsOf(document, 'metadata'), finalizers } };
}

function fieldsOf(fields: Fields, key: string): Fields {
  const value = own(fields, key);
  return isObject(value) ? value : {};
}

function textOf(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === 'string' ? value : '';
}
