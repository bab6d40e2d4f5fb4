import { ExpansionFailure } from '../failure.js';
import { fastInterpolation, fastTemplates } from './fast-template.js';
import type { TemplateEngine } from './engine.js';
import type { TemplateEntropy } from './entropy.js';
import { goTemplates } from './go/go-template.js';
import type { MissingKey } from './go/run.js';
import { handlebarsTemplates } from './handlebars/handlebars-template.js';
import { interpolationOf, type Interpolation } from './interpolation.js';

/** The engines of one set: for its templates, and for a matrix's second child. */
export interface Engines {
  /** Parameters nest and keep their types, as in Go mode; Handlebars reads them so too. */
  goTemplate: boolean;
  engine: TemplateEngine;
  interpolation: Interpolation;
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
  if (named !== undefined) return handlebars(named);
  if (goTemplate !== true) {
    const interpolation = interpolationOf(fastInterpolation, fastInterpolation);
    return { goTemplate: false, engine: fastTemplates, interpolation };
  }
  const missingKey = missingKeyOf(goTemplateOptions);
  const engine = goTemplates({ missingKey, entropy });
  const waiting = goTemplates({ missingKey: 'error', keepsUnfilled: true, entropy });
  return { goTemplate: true, engine, interpolation: interpolationOf(engine, waiting) };
}

function handlebars(named: string): Engines {
  if (named !== 'handlebars') {
    const path = `metadata.annotations.${ENGINE_ANNOTATION}`;
    const message = `the template engine "${named}" is not supported; use handlebars, or leave the annotation out`;
    throw new ExpansionFailure('TEMPLATE_ENGINE_NOT_SUPPORTED', message, path);
  }
  const engine = handlebarsTemplates();
  return {
    goTemplate: true,
    engine,
    interpolation: interpolationOf(engine, handlebarsTemplates({ keepsUnfilled: true })),
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
