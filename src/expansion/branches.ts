import { Pace, type Breathe } from '../kernel/pace.js';
import { Budget, tooManyResults } from './budget.js';
import { evaluateEntry, type EvaluatedGenerator } from './evaluate.js';
import type { Branch, Expansion, ExpansionError } from './expansion.js';
import { ExpansionFailure, expansionErrorOf } from './failure.js';
import type { GeneratorContext } from './generators/generator.js';
import { DEFAULT_LIMITS, type ExpansionLimits } from './limits.js';
import type { ExpansionObserver, RenderedFrom } from './observer.js';
import type { ExpansionReader } from './reader.js';
import { Reads } from './reads.js';
import { fit, type Shape } from './shape.js';
import type { Rendering } from './templates/application-template.js';
import { compileDocument } from './templates/document-template.js';
import { chooseEngines, type EngineWish, type Engines } from './templates/engine-choice.js';
import type { TemplateEntropy } from './templates/entropy.js';
import { templateLines } from './templates/template-lines.js';
import { mergeTemplates } from './templates/template-merge.js';
import { Warnings } from './warnings.js';

const ERRORS_SHOWN = 100;
/** What a document takes beside its texts. */
const UNITS_A_DOCUMENT = 50;

/** What is made from parameter sets: Applications, or documents of any kind. */
export interface DocumentKind<T> {
  /** Fields the template may have; unknown ones are dropped with a warning. Anything goes where it is absent. */
  shape?: Shape;
  prepare(engines: Engines): (rendering: Rendering, budget: Budget) => T;
}

interface BranchedSet extends EngineWish {
  generators: unknown;
  template: unknown;
}

interface Sources {
  breathe?: Breathe | undefined;
  reader: ExpansionReader;
  limits: Partial<ExpansionLimits>;
  entropy: TemplateEntropy;
  observer?: ExpansionObserver | undefined;
}

/** Evaluates each generator entry as a branch of its own and renders what it gives. */
export async function runBranches<T>(set: BranchedSet, kind: DocumentKind<T>, sources: Sources): Promise<Expansion<T>> {
  const limits = { ...DEFAULT_LIMITS, ...sources.limits };
  const warnings = new Warnings(limits.warnings);
  const expansion: Expansion<T> = { documents: [], branches: [], errors: [], warnings: [] };
  const { reader, entropy, observer } = sources;
  try {
    const shared = {
      reads: new Reads(reader),
      budget: new Budget(limits, warnings, new Pace(sources.breathe)),
      entropy,
      observer,
    };
    const run = new Run(set, kind, shared);
    for (const [index, entry] of entriesOf(set.generators).entries()) await run.branch(entry, index, expansion);
  } catch (error) {
    failWhole(expansion, expansionErrorOf(error), set.generators);
  }
  expansion.warnings = warnings.list();
  return expansion;
}

function entriesOf(generators: unknown): unknown[] {
  if (Array.isArray(generators)) return generators;
  throw new ExpansionFailure('FIELD_TYPE', 'spec.generators must be a list', 'spec.generators');
}

/** What is wrong with the set itself fails every branch, so that nobody takes its silence for "no results". */
function failWhole<T>(expansion: Expansion<T>, error: ExpansionError, generators: unknown): void {
  const count = Array.isArray(generators) ? Math.max(generators.length, 1) : 1;
  expansion.documents = [];
  expansion.errors = [error];
  expansion.branches = Array.from({ length: count }, (_, index) => ({
    index,
    state: 'failed' as const,
    error,
    remoteReads: [],
    results: 0,
  }));
}

/** A template that fails for one parameter set often fails for all of them; the first few say enough. */
function withoutFlood(errors: ExpansionError[]): ExpansionError[] {
  const [first] = errors;
  if (!first || errors.length <= ERRORS_SHOWN) return errors;
  const more = errors.length - ERRORS_SHOWN;
  return [...errors.slice(0, ERRORS_SHOWN), { ...first, message: `${more} more errors of this branch are not shown` }];
}

class Run<T> {
  private readonly context: GeneratorContext;
  private readonly render: (rendering: Rendering, budget: Budget) => T;
  private readonly base: unknown;

  constructor(
    set: BranchedSet,
    private readonly kind: DocumentKind<T>,
    { entropy, ...shared }: Pick<GeneratorContext, 'reads' | 'budget' | 'observer'> & { entropy: TemplateEntropy },
  ) {
    const engines = chooseEngines(set, entropy);
    this.context = { ...engines, ...shared };
    this.render = kind.prepare(engines);
    this.base = this.fitted(set.template, 'spec.template');
  }

  async branch(entry: unknown, index: number, expansion: Expansion<T>): Promise<void> {
    const path = `spec.generators[${index}]`;
    const branch: Branch = { index, state: 'complete', remoteReads: [], results: 0 };
    const errors: ExpansionError[] = [];
    try {
      const evaluated = await evaluateEntry(entry, path, this.context);
      branch.results = evaluated.reduce((sum, { parameterSets }) => sum + parameterSets.length, 0);
      const limit = this.context.budget.limits.results;
      if (expansion.documents.length + branch.results > limit) throw tooManyResults(limit, path);
      for (const generator of evaluated)
        await this.renderAll(generator, index, { documents: expansion.documents, errors });
    } catch (error) {
      errors.push(expansionErrorOf(error));
    }
    branch.remoteReads = this.context.reads.takeRecorded();
    const [first] = errors;
    if (first) Object.assign(branch, { state: 'failed', error: first });
    expansion.branches.push(branch);
    expansion.errors.push(...withoutFlood(errors));
  }

  private async renderAll(
    { parameterSets, template: ownTemplate, path }: EvaluatedGenerator,
    branch: number,
    into: { documents: T[]; errors: ExpansionError[] },
  ): Promise<void> {
    const source = this.templateOf(ownTemplate, path);
    const { engine, budget } = this.context;
    const where = 'spec.template';
    const template = compileDocument({ document: source, path: where, engine, maxDepth: budget.limits.depth });
    for (const parameters of parameterSets) {
      budget.startDocument();
      budget.pace.spend(UNITS_A_DOCUMENT);
      if (budget.pace.isDue) await budget.pace.rest();
      try {
        budget.chargeMembers(template.size, where);
        const origin = { branch, parameters };
        const rendering = { source, template, parameters, origin };
        const document = this.render(rendering, budget);
        into.documents.push(document);
        this.context.observer?.rendered(document, this.renderedFrom(rendering, path));
      } catch (error) {
        into.errors.push(expansionErrorOf(error));
      }
    }
  }

  private renderedFrom({ source, template, parameters }: Rendering, generator: string): RenderedFrom {
    const { engine, budget } = this.context;
    return {
      generator,
      parameters,
      lines: () => templateLines({ document: source, path: 'spec.template', parameters, engine, budget }),
      unpatched: () => (Object.keys(parameters).length === 0 ? source : template.render(parameters, budget)),
    };
  }

  private templateOf(ownTemplate: unknown, path: string): unknown {
    if (ownTemplate == null) return this.base;
    return mergeTemplates(this.fitted(ownTemplate, `${path}.template`), this.base, this.kind.shape);
  }

  private fitted(template: unknown, path: string): unknown {
    if (!this.kind.shape) return template;
    const { value, unknown, wrong } = fit(this.kind.shape, template ?? {}, path);
    const [first] = wrong;
    if (first) throw new ExpansionFailure('TEMPLATE_TYPE', first.message, first.path);
    for (const field of unknown) this.context.budget.warnings.add(`${field} is not a known field and is ignored`);
    return value;
  }
}
