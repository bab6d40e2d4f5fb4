import type { Budget } from '../../budget.js';
import { ExpansionFailure } from '../../failure.js';
import type { Parameters } from '../../parameters.js';
import type { CompiledText, TemplateEngine } from '../engine.js';
import { compileGoTemplate } from './compile.js';
import type { Functions } from './compile-pipe.js';
import { FUNCTIONS_TO_COME, GO_FUNCTIONS } from './functions.js';
import { GoExecutionError } from './execution-error.js';
import { FunctionToCome } from './function-to-come.js';
import { parseGoTemplate } from './parser.js';
import { Run, type MissingKey } from './run.js';
import { GoTemplateSyntaxError } from './syntax-error.js';

export interface GoTemplateOptions {
  missingKey: MissingKey;
  functions?: Functions;
  /** A text that misses a parameter stays as written: `values` of a matrix's second child (argocd-behaviour.md 2.4). */
  keepsUnfilled?: boolean;
}

/** Go's text/template, each text parsed and run on its own (argocd-behaviour.md 2.3). */
export function goTemplates({
  missingKey,
  functions = GO_FUNCTIONS,
  keepsUnfilled = false,
}: GoTemplateOptions): TemplateEngine {
  return {
    compile: (text, path) => {
      if (!text.includes('{{')) return { isStatic: true, render: () => text };
      const execute = compiled(text, { missingKey, functions });
      if (execute instanceof Error) return refused(execute, path);
      return {
        isStatic: false,
        render: (parameters, budget) => rendered({ text, path, keepsUnfilled, execute }, parameters, budget),
      };
    },
  };
}

type Execute = ReturnType<typeof compileGoTemplate>;

function compiled(
  text: string,
  options: { missingKey: MissingKey; functions: Functions },
): Execute | GoTemplateSyntaxError | FunctionToCome {
  try {
    const parsed = parseGoTemplate(text, (name) => options.functions.has(name) || FUNCTIONS_TO_COME.has(name));
    return compileGoTemplate(parsed, options.functions, options.missingKey);
  } catch (error) {
    if (error instanceof GoTemplateSyntaxError || error instanceof FunctionToCome) return error;
    throw error;
  }
}

function refused(error: GoTemplateSyntaxError | FunctionToCome, path: string): CompiledText {
  const failure =
    error instanceof FunctionToCome
      ? new ExpansionFailure('TEMPLATE_ENGINE_NOT_SUPPORTED', error.message, path)
      : new ExpansionFailure('TEMPLATE_SYNTAX', `${error.message} (at character ${error.at + 1})`, path);
  return {
    isStatic: false,
    render: () => {
      throw failure;
    },
  };
}

interface Template {
  text: string;
  path: string;
  keepsUnfilled: boolean;
  execute: Execute;
}

function rendered({ text, path, keepsUnfilled, execute }: Template, parameters: Parameters, budget: Budget): string {
  const run = Run.start(budget, path, parameters);
  try {
    execute(run, parameters);
    return run.text;
  } catch (error) {
    if (!(error instanceof GoExecutionError)) throw error;
    if (error.isMissingKey && keepsUnfilled) return text;
    throw new ExpansionFailure('TEMPLATE_EXECUTION', `${error.message}, in ${JSON.stringify(shortened(text))}`, path);
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
