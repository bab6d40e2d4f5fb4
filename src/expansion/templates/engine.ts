import type { Budget } from '../budget.js';
import type { Parameters } from '../parameters.js';

/** One text, compiled once per set. Rendering throws ExpansionFailure, also where the text could not be compiled. */
export interface CompiledText {
  /** The text is the same for every parameter set: it holds no tag. */
  readonly isStatic: boolean;
  render(parameters: Parameters, budget: Budget): string;
}

/** How a set's texts become strings: Argo CD's default mode, Go templates, Handlebars. */
export interface TemplateEngine {
  /** `path` names the text's place in errors and warnings. */
  compile(text: string, path: string): CompiledText;
}
