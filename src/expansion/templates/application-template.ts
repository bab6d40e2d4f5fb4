import { isObject, own } from '../../kernel/json.js';
import type { ApplicationSetDocument } from '../applicationset-document.js';
import type { Budget } from '../budget.js';
import type { GeneratedApplication, Origin } from '../expansion.js';
import type { Parameters } from '../parameters.js';
import type { DocumentTemplate } from './document-template.js';
import type { TemplatePatch } from './template-patch.js';

const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const CASCADE: readonly string[] = Object.freeze([CASCADE_FINALIZER]);
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
  const rendered = renderTemplate(rendering, rules, budget);
  const application = rules.patch ? rules.patch.apply(rendered, rendering.parameters, budget) : rendered;
  const metadata = fieldsOf(application, 'metadata');
  return {
    metadata: { ...metadata, name: textOf(metadata, 'name'), namespace: rules.namespace },
    spec: fieldsOf(application, 'spec'),
    origin: rendering.origin,
  };
}

function renderTemplate({ source, template, parameters }: Rendering, rules: ApplicationRules, budget: Budget): Fields {
  if (Object.keys(parameters).length === 0) return source as Fields;
  const document = template.render(parameters, budget) as Fields;
  if (!rules.addsFinalizer) return document;
  const metadata = fieldsOf(document, 'metadata');
  const finalizers = own(metadata, 'finalizers');
  if (Array.isArray(finalizers) && finalizers.length > 0) return document;
  return { ...document, metadata: { ...metadata, finalizers: CASCADE } };
}

function fieldsOf(fields: Fields, key: string): Fields {
  const value = own(fields, key);
  return isObject(value) ? value : {};
}

function textOf(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === 'string' ? value : '';
}
