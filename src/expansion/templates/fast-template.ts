import type { Budget } from '../budget.js';
import { ExpansionFailure } from '../failure.js';
import { trimSpace } from '../go-text.js';
import type { Parameters } from '../parameters.js';
import type { CompiledText, TemplateEngine } from './engine.js';

/**
 * Argo CD's default mode (argocd-behaviour.md 2.2): `{{ flat.key }}` and nothing else. An unknown tag, an empty one and
 * one whose value is not text stay as written; a value is never rendered again.
 */
export const fastTemplates: TemplateEngine = engineOf({ tellsUnfilled: true });

/** The same where tags may well wait for a later filling: a matrix's second child (argocd-behaviour.md 2.4). */
export const fastInterpolation: TemplateEngine = engineOf({ tellsUnfilled: false });

function engineOf(options: FastOptions): TemplateEngine {
  return {
    compile: (text, path) => (hasTagOnOneLine(text) ? compileTags(text, path, options) : literal(text)),
  };
}

/** Whether some line holds `{{` and later `}}`, without which Argo CD leaves a text alone; linear in its length. */
function hasTagOnOneLine(text: string): boolean {
  for (let open = text.indexOf('{{'); open >= 0;) {
    const close = text.indexOf('}}', open + 2);
    if (close < 0) return false;
    const lineEnd = text.lastIndexOf('\n', close);
    if (lineEnd < open) return true;
    open = text.indexOf('{{', lineEnd + 1);
  }
  return false;
}

interface FastOptions {
  /** Warn where a tag stays as written. */
  tellsUnfilled: boolean;
}

interface Tag {
  name: string;
  verbatim: string;
  /** The literal text up to the next tag. */
  after: string;
}

function literal(text: string): CompiledText {
  return { isStatic: true, render: () => text };
}

function compileTags(text: string, path: string, { tellsUnfilled }: FastOptions): CompiledText {
  const [before = '', ...rest] = text.split('{{');
  const tags: Tag[] = [];
  let remaining = rest.join('{{');
  for (let more = rest.length > 0; more;) {
    const end = remaining.indexOf('}}');
    if (end < 0) return unclosed(text, path);
    const inner = remaining.slice(0, end);
    const next = remaining.indexOf('{{', end + 2);
    more = next >= 0;
    const after = remaining.slice(end + 2, more ? next : undefined);
    tags.push({ name: trimSpace(inner), verbatim: `{{${inner}}}`, after });
    remaining = more ? remaining.slice(next + 2) : '';
  }
  return {
    isStatic: false,
    render: (parameters, budget) => fill({ before, tags, path, tellsUnfilled }, parameters, budget),
  };
}

interface TaggedText extends FastOptions {
  before: string;
  tags: readonly Tag[];
  path: string;
}

function fill(text: TaggedText, parameters: Parameters, budget: Budget): string {
  let filled = text.before;
  for (const { name, verbatim, after } of text.tags) {
    const value = name === '' ? undefined : parameters[name];
    const shown = typeof value === 'string' ? value : verbatim;
    if (text.tellsUnfilled && typeof value !== 'string') warnUnfilled(name, value, text.path, budget);
    budget.chargeCharacters(shown.length + after.length, text.path);
    filled += shown + after;
  }
  return filled;
}

function warnUnfilled(name: string, value: unknown, path: string, budget: Budget): void {
  const why = value === undefined ? 'no such parameter' : 'its value is not text';
  budget.warnings.add(`${path}: the tag {{${name}}} stays as written: ${why}`);
}

function unclosed(text: string, path: string): CompiledText {
  const from = text.slice(text.lastIndexOf('{{')).slice(0, 40);
  return {
    isStatic: false,
    render: () => {
      throw new ExpansionFailure('TEMPLATE_SYNTAX', `"{{" without "}}" from ${JSON.stringify(from)} on`, path);
    },
  };
}
