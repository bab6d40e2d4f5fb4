import { ExpansionFailure } from './failure.js';
import type { ExpansionLimits } from './limits.js';
import type { Warnings } from './warnings.js';

/** What one expansion may still spend. Charged before the growth happens; a charge too much ends the branch. */
export class Budget {
  private characters = 0;
  private documentCharacters = 0;
  private parameterSets = 0;
  private steps = 0;

  constructor(
    readonly limits: ExpansionLimits,
    readonly warnings: Warnings,
  ) {}

  startDocument(): void {
    this.documentCharacters = 0;
  }

  /** Characters about to be produced by a template at `path`. */
  chargeCharacters(count: number, path: string): void {
    this.characters += count;
    this.documentCharacters += count;
    if (this.documentCharacters <= this.limits.documentCharacters && this.characters <= this.limits.characters) return;
    const { documentCharacters, characters } = this.limits;
    const allowed = `${documentCharacters} characters a document and ${characters} a set are allowed`;
    throw new ExpansionFailure('RENDERED_TOO_LARGE', `the rendered text is too long: ${allowed}`, path);
  }

  /** Work that the template at `path` is about to do. */
  chargeSteps(count: number, path: string): void {
    this.steps += count;
    if (this.steps <= this.limits.steps) return;
    throw new ExpansionFailure('TEMPLATE_TOO_SLOW', `templates may take ${this.limits.steps} steps a set`, path);
  }

  /** Parameter sets about to be made by the generator at `path`. */
  chargeParameterSets(count: number, path: string): void {
    this.parameterSets += count;
    if (count <= this.limits.results && this.parameterSets <= this.limits.parameterSets) return;
    throw tooManyResults(this.limits.results, path);
  }
}

export function tooManyResults(limit: number, path: string): ExpansionFailure {
  const hint = 'narrow the generator or split the set';
  return new ExpansionFailure('TOO_MANY_RESULTS', `more than ${limit} results; ${hint}`, path);
}
