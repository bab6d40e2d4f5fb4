import type { Budget } from '../budget.js';
import type { ExpansionObserver } from '../observer.js';
import type { Parameters } from '../parameters.js';
import type { Reads } from '../reads.js';
import type { DocumentTemplate } from '../templates/document-template.js';
import type { TemplateEngine } from '../templates/engine.js';
import type { Interpolation } from '../templates/interpolation.js';

/** What every generator of one expansion shares. */
export interface GeneratorContext {
  readonly goTemplate: boolean;
  readonly engine: TemplateEngine;
  /** For a matrix's second child, whose tags may wait for the child's own parameters. */
  readonly interpolation: Interpolation;
  readonly reads: Reads;
  readonly budget: Budget;
  readonly observer?: ExpansionObserver | undefined;
}

export interface GeneratorInput {
  /** The generator's own block, such as what stands under `list:`. */
  spec: Record<string, unknown>;
  /** Such as `spec.generators[1].list`. */
  path: string;
  context: GeneratorContext;
  /** Evaluates an entry of this generator's own `generators`; matrix and merge only. */
  child: ChildEvaluator;
}

export interface ChildInput {
  entry: unknown;
  path: string;
  /** The first matrix child's parameters, with which the entry is interpolated; its post-selector is not. */
  interpolation?: { template: DocumentTemplate; parameters: Parameters };
}

/** Parameter sets of one child; throws where it has no generator, or more than one (argocd-behaviour.md 1.0, 1.4). */
export type ChildEvaluator = (child: ChildInput) => Promise<Parameters[]>;

/** One kind of generator. Throws ExpansionFailure; gives parameter sets in a fixed order. */
export type Generator = (input: GeneratorInput) => Promise<Parameters[]>;
