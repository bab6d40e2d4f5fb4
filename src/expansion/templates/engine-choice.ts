import { ExpansionFailure } from '../failure.js';
import { fastInterpolation, fastTemplates } from './fast-template.js';
import type { TemplateEngine } from './engine.js';
import type { TemplateEntropy } from './entropy.js';
import { goTemplates } from './go/go-template.js';
import { goInterpolation } from './go/interpolation.js';
import type { MissingKey } from './go/run.js';

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

const MISSING_KEYS: ReadonlyMap<string, MissingKey> = new Map([
  ['missingkey=default', 'default'],
  ['missingkey=invalid', 'default'],
  ['missingkey=zero', 'zero'],
  ['missingkey=error', 'error'],
]);

const ENGINE_ANNOTATION = 'fleetwright.io/template-engine';

/** Throws ExpansionFailure TEMPLATE_ENGINE_NOT_SUPPORTED rather than render with another engine than asked for. */
export function chooseEngines(wish: EngineWish, entropy: TemplateEntropy): Engines {
  const { goTemplate, goTemplateOptions, annotations = {} } = wish;
  const named = Object.hasOwn(annotations, ENGINE_ANNOTATION) ? annotations[ENGINE_ANNOTATION] : undefined;
  if (named !== undefined) {
    const path = `metadata.annotations.${ENGINE_ANNOTATION}`;
    throw notSupported(`the template engine "${named}" is not supported yet`, path);
  }
  if (goTemplate !== true) return { goTemplate: false, engine: fastTemplates, interpolation: fastInterpolation };
  const missingKey = missingKeyOf(goTemplateOptions);
  return {
    goTemplate: true,
    engine: goTemplates({ missingKey, entropy }),
    interpolation: goInterpolation(missingKey, entropy),
  };
}

/** The last of the options counts; one that Go does not know is refused, where Argo CD crashes. */
function missingKeyOf(options: unknown): MissingKey {
  if (options === undefined || options === null) return 'default';
  const known = Array.isArray(options) ? options.map((option) => MISSING_KEYS.get(String(option))) : [undefined];
  const index = known.indexOf(undefined);
  if (index < 0) return known.at(-1) ?? 'default';
  const path = Array.isArray(options) ? `spec.goTemplateOptions[${index}]` : 'spec.goTemplateOptions';
  const message = `unknown option; use ${[...MISSING_KEYS.keys()].join(', ')}`;
  throw new ExpansionFailure('TEMPLATE_OPTION_UNKNOWN', message, path);
}

function notSupported(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('TEMPLATE_ENGINE_NOT_SUPPORTED', message, path);
}
