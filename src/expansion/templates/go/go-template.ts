import type { Budget } from '../../budget.js';
import { ExpansionFailure } from '../../failure.js';
import type { Parameters } from '../../parameters.js';
import type { CompiledText, TemplateEngine } from '../engine.js';
import { BUILTINS } from './builtins.js';
import { compileGoTemplate } from './compile.js';
import type { Functions } from './compile-pipe.js';
import { GoExecutionError } from './execution-error.js';
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
  functions = BUILTINS,
  keepsUnfilled = false,
}: GoTemplateOptions): TemplateEngine {
  return {
    compile: (text, path) => {
      if (!text.includes('{{')) return { isStatic: true, render: () => text };
      const execute = compiled(text, { missingKey, functions });
      if (execute instanceof GoTemplateSyntaxError) return unparsable(execute, path);
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
): Execute | GoTemplateSyntaxError {
  try {
    const parsed = parseGoTemplate(text, (name) => options.functions.has(name));
    return compileGoTemplate(parsed, options.functions, options.missingKey);
  } catch (error) {
    if (error instanceof GoTemplateSyntaxError) return error;
    throw error;
  }
}

function unparsable({ message, at }: GoTemplateSyntaxError, path: string): CompiledText {
  return {
    isStatic: false,
    render: () => {
      throw new ExpansionFailure('TEMPLATE_SYNTAX', `${message} (at character ${at + 1})`, path);
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
