import { parse } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { messageOf } from '../../../kernel/errors.js';
import { ExpansionFailure } from '../../failure.js';
import type { CompiledText, TemplateEngine } from '../engine.js';
import { compileProgram, type Step } from './compile-program.js';
import { refuseDeepNesting } from './nesting.js';
import { HandlebarsError, Rendering } from './rendering.js';
import { rootScope } from './scope.js';

export interface HandlebarsOptions {
  /** A text that misses a parameter stays as written: `values` of a matrix's second child (argocd-behaviour.md 2.4). */
  keepsUnfilled?: boolean;
}

/**
 * Handlebars without its compiler: the grammar is Handlebars' own, the tree is run here. A parameter that is not there is
 * an error, only the helpers of INLINE_HELPERS exist, nothing is escaped, and no prototype is looked at.
 */
export function handlebarsTemplates({ keepsUnfilled = false }: HandlebarsOptions = {}): TemplateEngine {
  return {
    compile: (text, path) => {
      if (!text.includes('{{')) return { isStatic: true, render: () => text };
      const step = compiled(text, path);
      if (step instanceof ExpansionFailure) return refused(step);
      return {
        isStatic: false,
        render: (parameters, budget) => {
          const rendering = new Rendering(budget, path);
          try {
            step(rootScope(parameters), rendering);
            return rendering.text;
          } catch (error) {
            if (!(error instanceof HandlebarsError)) throw error;
            if (error.isMissing && keepsUnfilled) return text;
            throw new ExpansionFailure('TEMPLATE_EXECUTION', `${error.message}, in ${shown(text)}`, path);
          }
        },
      };
    },
  };
}

/** The parser's own errors are plain ones, and so is a nesting that its tree walk does not stand. */
function compiled(text: string, path: string): Step | ExpansionFailure {
  try {
    refuseDeepNesting(text);
    return compileProgram(parse(text));
  } catch (error) {
    const [first = ''] = messageOf(error).split('\nExpecting');
    return new ExpansionFailure('TEMPLATE_SYNTAX', `${first.slice(0, 300)}, in ${shown(text)}`, path);
  }
}

function refused(failure: ExpansionFailure): CompiledText {
  return {
    isStatic: false,
    render: () => {
      throw failure;
    },
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
