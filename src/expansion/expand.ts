import { isObject } from '../kernel/json.js';
import type { Breathe } from '../kernel/pace.js';
import { APPLICATION_SHAPE } from './application-shape.js';
import type { ApplicationSetDocument } from './applicationset-document.js';
import type { Expansion, GeneratedApplication, RenderedDocument } from './expansion.js';
import { ExpansionFailure } from './failure.js';
import type { ExpansionLimits } from './limits.js';
import type { ExpansionObserver } from './observer.js';
import type { ExpansionReader } from './reader.js';
import { runBranches, type DocumentKind } from './branches.js';
import { applicationRules, renderApplication } from './templates/application-template.js';
import { entropyOf, type TemplateEntropy } from './templates/entropy.js';
import { TemplatePatch } from './templates/template-patch.js';

/** Bounds, and what templates read that the set does not say; by default it follows from the set's own metadata. */
export interface ExpansionOptions extends Partial<ExpansionLimits> {
  entropy?: TemplateEntropy;
  /** Called every now and then, so that long expansions let others have their turn. */
  breathe?: Breathe;
  observer?: ExpansionObserver | undefined;
}

/** Generators and a template of any document, as a SecretStoreSet holds them. */
export interface DocumentSet {
  generators: unknown;
  goTemplate?: boolean;
  goTemplateOptions?: string[];
  template: unknown;
}

/**
 * The Applications an ApplicationSet stands for, in the order of its generators, exactly as Argo CD 3.6 generates them
 * (argocd-behaviour.md 1 and 2). Never throws for what the set or its inputs hold: see Expansion.
 */
export function expandApplicationSet(
  set: ApplicationSetDocument,
  reader: ExpansionReader,
  options: ExpansionOptions = {},
): Promise<Expansion<GeneratedApplication>> {
  const { spec, metadata } = set;
  const kind: DocumentKind<GeneratedApplication> = {
    shape: APPLICATION_SHAPE,
    prepare: ({ engine }) => {
      const text = patchText(spec.templatePatch);
      const rules = applicationRules(set, text === undefined ? undefined : new TemplatePatch(text, engine));
      return (rendering, budget) => renderApplication(rendering, rules, budget);
    },
  };
  const { entropy = entropyOf(metadata), breathe, observer, ...limits } = options;
  const wish = { ...spec, annotations: metadata.annotations };
  return runBranches(wish, kind, { reader, limits, breathe, entropy, observer });
}

/** The documents that generators and a template of any kind stand for. */
export function expandDocuments(
  set: DocumentSet,
  reader: ExpansionReader,
  options: ExpansionOptions = {},
): Promise<Expansion<RenderedDocument>> {
  const kind: DocumentKind<RenderedDocument> = {
    prepare:
      () =>
      ({ source, template, parameters, origin }, budget) => {
        const isEmpty = Object.keys(parameters).length === 0;
        return { document: isEmpty ? source : template.render(parameters, budget), origin };
      },
  };
  const { entropy = entropyOf({}), breathe, observer, ...limits } = options;
  return runBranches(set, kind, { reader, limits, breathe, entropy, observer });
}

function patchText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  const got = isObject(value) ? 'an object' : typeof value;
  throw new ExpansionFailure('FIELD_TYPE', `spec.templatePatch must be text, it is ${got}`, 'spec.templatePatch');
}
