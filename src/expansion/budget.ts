import { Pace } from '../kernel/pace.js';
import { ExpansionFailure } from './failure.js';
import type { ExpansionLimits } from './limits.js';
import type { Warnings } from './warnings.js';

const CHARACTERS_A_STEP = 16;

/** What one expansion may still spend. Charged before the growth happens; a charge too much ends the branch. */
export class Budget {
  private characters = 0;
  private documentCharacters = 0;
  private documentSteps = 0;
  private members = 0;
  private parameterSets = 0;
  private steps = 0;

  constructor(
    readonly limits: ExpansionLimits,
    readonly warnings: Warnings,
    /** Between documents and parameter sets others have their turn; within one nobody does, hence its own limits. */
    readonly pace: Pace = new Pace(),
  ) {}

  /** Before each document, and before each parameter set that is made by templates. */
  startDocument(): void {
    this.documentCharacters = 0;
    this.documentSteps = 0;
  }

  /** Characters about to be produced by a template at `path`. */
  chargeCharacters(count: number, path: string): void {
    this.characters += count;
    this.documentCharacters += count;
    this.pace.spend(count / CHARACTERS_A_STEP);
    if (this.documentCharacters <= this.limits.documentCharacters && this.characters <= this.limits.characters) return;
    const { documentCharacters, characters } = this.limits;
    const allowed = `${documentCharacters} characters a document and ${characters} a set are allowed`;
    throw new ExpansionFailure('RENDERED_TOO_LARGE', `the rendered text is too long: ${allowed}`, path);
  }

  /** Work that the template at `path` is about to do for one document. */
  chargeSteps(count: number, path: string): void {
    this.documentSteps += count;
    this.chargeWork(count, path);
    if (this.documentSteps <= this.limits.documentSteps) return;
    const message = `the template takes too many steps: ${this.limits.documentSteps} a document are allowed`;
    throw new ExpansionFailure('TEMPLATE_TOO_SLOW', message, path);
  }

  /** Work about to be done at `path` that belongs to no document, such as combining parameters. */
  chargeWork(count: number, path: string): void {
    this.steps += count;
    this.pace.spend(count);
    if (this.steps <= this.limits.steps) return;
    const hint = 'narrow its generators, simplify its template, or split it';
    throw new ExpansionFailure('TEMPLATE_TOO_SLOW', `a set may take ${this.limits.steps} steps; ${hint}`, path);
  }

  /** Parameters or fields about to be built, in parameter sets or documents that stay until the set is planned. */
  chargeMembers(count: number, path: string): void {
    this.members += count;
    this.pace.spend(count);
    if (this.members <= this.limits.members) return;
    const hint = 'give fewer parameters, narrow the generators, or split the set';
    const message = `a set may build ${this.limits.members} parameters and fields; ${hint}`;
    throw new ExpansionFailure('TOO_MANY_PARAMETERS', message, path);
  }

  /** Parameter sets about to be made by the generator at `path`. */
  chargeParameterSets(count: number, path: string): void {
    this.parameterSets += count;
    this.pace.spend(count);
    if (count <= this.limits.results && this.parameterSets <= this.limits.parameterSets) return;
    throw tooManyResults(this.limits.results, path);
  }
}

export function tooManyResults(limit: number, path: string): ExpansionFailure {
  const hint = 'narrow the generator or split the set';
  return new ExpansionFailure('TOO_MANY_RESULTS', `more than ${limit} results; ${hint}`, path);
}
