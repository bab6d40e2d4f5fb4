import type { Budget } from '../../budget.js';

/** A template that failed while it ran; a missing parameter may be filled in later (argocd-behaviour.md 2.4). */
export class HandlebarsError extends Error {
  constructor(
    message: string,
    readonly isMissing = false,
  ) {
    super(message);
    this.name = 'HandlebarsError';
  }
}

/** One rendering of one text: its output and what it may still spend. */
export class Rendering {
  text = '';

  constructor(
    private readonly budget: Budget,
    private readonly path: string,
  ) {}

  write(text: string): void {
    this.charge(text.length);
    this.text += text;
  }

  /** Characters about to be made. */
  charge(characters: number): void {
    this.spend(1);
    this.budget.chargeCharacters(characters, this.path);
  }

  spend(steps: number): void {
    this.budget.chargeSteps(steps, this.path);
  }
}
