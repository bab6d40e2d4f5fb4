import type { Budget } from '../../budget.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext } from './function.js';
import type { GoValue } from './values.js';

/** What a missing map key is: `<no value>`, the zero value, or an error. */
export type MissingKey = 'default' | 'zero' | 'error';

interface Output {
  text: string;
  fuel: number;
}

const FUEL = 1_000_000;

/** One execution: its output, its variables, and what it may still spend. */
export class Run implements CallContext {
  private readonly variables: { name: string; value: GoValue }[];

  private constructor(
    private readonly budget: Budget,
    private readonly path: string,
    private readonly output: Output,
    readonly calls: number,
    data: GoValue,
  ) {
    this.variables = [{ name: '$', value: data }];
  }

  static start(budget: Budget, path: string, data: GoValue): Run {
    return new Run(budget, path, { text: '', fuel: FUEL }, 0, data);
  }

  /** The run of a called template: the same output, no variables but `$`. */
  inside(data: GoValue): Run {
    return new Run(this.budget, this.path, this.output, this.calls + 1, data);
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
    this.budget.chargeCharacters(characters, this.path);
  }

  /** One step of work; loops and calls cannot go on for ever. */
  spend(): void {
    this.output.fuel -= 1;
    if (this.output.fuel < 0) throw new GoExecutionError('the template takes too many steps');
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
    for (let index = this.variables.length - 1; index >= 0; index--) {
      const variable = this.variables[index];
      if (variable?.name === name) return variable;
    }
    throw new GoExecutionError(`undefined variable: ${name}`);
  }
}
