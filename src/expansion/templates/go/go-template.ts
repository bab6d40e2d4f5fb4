import type { Budget } from '../../budget.js';
import { ExpansionFailure } from '../../failure.js';
import type { Parameters } from '../../parameters.js';
import type { CompiledText, TemplateEngine } from '../engine.js';
import { entropyOf, type TemplateEntropy } from '../entropy.js';
import { compileGoTemplate } from './compile.js';
import type { Functions } from './compile-pipe.js';
import { GO_FUNCTIONS } from './functions.js';
import { MUTATING_FUNCTIONS } from './sprig-maps.js';
import { GoExecutionError } from './execution-error.js';
import { copyValue } from './copy-value.js';
import { parseGoTemplate } from './parser.js';
import { Run, type MissingKey } from './run.js';
import { GoTemplateSyntaxError } from './syntax-error.js';
import type { GoValue } from './values.js';
import { weigh } from './weigh.js';

export interface GoTemplateOptions {
  missingKey: MissingKey;
  entropy?: TemplateEntropy;
  functions?: Functions;
  /** A text that misses a parameter stays as written: `values` of a matrix's second child (argocd-behaviour.md 2.4). */
  keepsUnfilled?: boolean;
}

/** Go's text/template, each text parsed and run on its own (argocd-behaviour.md 2.3). */
export function goTemplates({
  missingKey,
  entropy = entropyOf({}),
  functions = GO_FUNCTIONS,
  keepsUnfilled = false,
}: GoTemplateOptions): TemplateEngine {
  return {
    compile: (text, path) => {
      if (!text.includes('{{')) return { isStatic: true, render: () => text };
      const program = compiled(text, { missingKey, functions });
      if (program instanceof GoTemplateSyntaxError) return refused(program, path);
      const template = { ...program, text, path, keepsUnfilled, entropy };
      return { isStatic: false, render: (parameters, budget) => rendered(template, parameters, budget) };
    },
  };
}

interface Program {
  execute: ReturnType<typeof compileGoTemplate>;
  /** Some function it calls changes maps in place, so it runs on a copy of the parameters. */
  mutates: boolean;
}

function compiled(
  text: string,
  options: { missingKey: MissingKey; functions: Functions },
): Program | GoTemplateSyntaxError {
  let mutates = false;
  const isFunction = (name: string): boolean => {
    mutates ||= MUTATING_FUNCTIONS.has(name);
    return options.functions.has(name);
  };
  try {
    const parsed = parseGoTemplate(text, isFunction);
    return { execute: compileGoTemplate(parsed, options.functions, options.missingKey), mutates };
  } catch (error) {
    if (error instanceof GoTemplateSyntaxError) return error;
    throw error;
  }
}

function refused(error: GoTemplateSyntaxError, path: string): CompiledText {
  const failure = new ExpansionFailure('TEMPLATE_SYNTAX', `${error.message} (at character ${error.at + 1})`, path);
  return {
    isStatic: false,
    render: () => {
      throw failure;
    },
  };
}

interface Template extends Program {
  text: string;
  path: string;
  keepsUnfilled: boolean;
  entropy: TemplateEntropy;
}

function rendered(template: Template, parameters: Parameters, budget: Budget): string {
  const { text, path, entropy } = template;
  const run = Run.start({ budget, path, entropy }, parameters);
  try {
    template.execute(run, template.mutates ? copyForMutation(parameters, run) : parameters);
    return run.text;
  } catch (error) {
    if (!(error instanceof GoExecutionError)) throw error;
    if (error.isMissingKey && template.keepsUnfilled) return text;
    throw new ExpansionFailure(error.code, `${error.message}, in ${JSON.stringify(shortened(text))}`, path);
  }
}

function copyForMutation(parameters: Parameters, run: Run): GoValue {
  weigh(parameters, run);
  const copy = copyValue(parameters);
  run.assign('$', copy);
  return copy;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
