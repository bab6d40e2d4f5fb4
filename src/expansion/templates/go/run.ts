import { digestJson } from '../../../kernel/digest.js';
import type { Budget } from '../../budget.js';
import type { TemplateEntropy } from '../entropy.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext } from './function.js';
import { RandomSource } from './random-source.js';
import type { GoValue } from './values.js';

/** What a missing map key is: `<no value>`, the zero value, or an error. */
export type MissingKey = 'default' | 'zero' | 'error';

interface Output {
  text: string;
  random?: RandomSource;
}

/** What runs of one text share. */
export interface RunContext {
  budget: Budget;
  path: string;
  entropy: TemplateEntropy;
}

/** The last declared is looked for first. */
const VARIABLES_A_STEP = 16;

/** One execution: its output, its variables, and what it may still spend. */
export class Run implements CallContext {
  private readonly variables: { name: string; value: GoValue }[];

  private constructor(
    private readonly context: RunContext,
    private readonly output: Output,
    readonly calls: number,
    data: GoValue,
  ) {
    this.variables = [{ name: '$', value: data }];
  }

  static start(context: RunContext, data: GoValue): Run {
    return new Run(context, { text: '' }, 0, data);
  }

  /** The run of a called template: the same output, no variables but `$`. */
  inside(data: GoValue): Run {
    return new Run(this.context, this.output, this.calls + 1, data);
  }

  get now(): Date {
    return this.context.entropy.now;
  }

  /** Seeded by the set, the parameters and the text's place. */
  random(): RandomSource {
    const { entropy, path } = this.context;
    this.output.random ??= new RandomSource(`${entropy.seed}\n${digestJson(this.variables[0]?.value)}\n${path}`);
    return this.output.random;
  }

  get text(): string {
    return this.output.text;
  }

  write(text: string): undefined {
    this.spend();
    this.charge(text.length);
    this.output.text += text;
  }

  charge(characters: number): void {
    this.context.budget.chargeCharacters(characters, this.context.path);
  }

  /** Steps of work; loops and calls cannot go on for ever, in one text or in all of a set's. */
  spend(steps = 1): void {
    this.context.budget.chargeSteps(steps, this.context.path);
  }

  mark(): number {
    return this.variables.length;
  }

  release(mark: number): void {
    this.variables.length = mark;
  }

  declare(name: string, value: GoValue): void {
    this.variables.push({ name, value });
  }

  variable(name: string): GoValue {
    return this.find(name).value;
  }

  assign(name: string, value: GoValue): void {
    this.find(name).value = value;
  }

  assignAll(names: readonly string[], values: readonly GoValue[]): void {
    names.forEach((name, index) => this.assign(name, values[index]));
  }

  /** Sets the variables that a range's pipeline has just declared. */
  replaceTop(names: readonly string[], values: readonly GoValue[]): void {
    const from = this.variables.length - names.length;
    names.forEach((name, index) => (this.variables[from + index] = { name, value: values[index] }));
  }

  private find(name: string): { name: string; value: GoValue } {
    const [root] = this.variables;
    if (name === '$' && root) return root;
    for (let index = this.variables.length - 1; index >= 0; index--) {
      const variable = this.variables[index];
      if (variable?.name !== name) continue;
      const passed = this.variables.length - 1 - index;
      if (passed >= VARIABLES_A_STEP) this.spend(Math.floor(passed / VARIABLES_A_STEP));
      return variable;
    }
    throw new GoExecutionError(`undefined variable: ${name}`);
  }
}
