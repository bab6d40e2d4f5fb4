import { ExpansionFailure } from '../failure.js';
import { fastInterpolation, fastTemplates } from './fast-template.js';
import type { TemplateEngine } from './engine.js';

/** The engines of one set: for its templates, and for a matrix's second child. */
export interface Engines {
  goTemplate: boolean;
  engine: TemplateEngine;
  interpolation: TemplateEngine;
}

export interface EngineWish {
  goTemplate?: unknown;
  goTemplateOptions?: unknown;
  annotations?: Readonly<Record<string, string>>;
}

const ENGINE_ANNOTATION = 'fleetwright.io/template-engine';

/** Throws ExpansionFailure TEMPLATE_ENGINE_NOT_SUPPORTED rather than render with another engine than asked for. */
export function chooseEngines({ goTemplate, annotations = {} }: EngineWish): Engines {
  const named = Object.hasOwn(annotations, ENGINE_ANNOTATION) ? annotations[ENGINE_ANNOTATION] : undefined;
  if (named !== undefined) {
    const path = `metadata.annotations.${ENGINE_ANNOTATION}`;
    throw notSupported(`the template engine "${named}" is not supported yet`, path);
  }
  if (goTemplate === true) throw notSupported('Go templates are not supported yet', 'spec.goTemplate');
  return { goTemplate: false, engine: fastTemplates, interpolation: fastInterpolation };
}

function notSupported(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('TEMPLATE_ENGINE_NOT_SUPPORTED', message, path);
}
