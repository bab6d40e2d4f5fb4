import { tokenize } from './lexer.js';
import type { Node, ParsedTemplate, Pipe } from './nodes.js';
import { PipelineParser } from './pipeline-parser.js';
import { TokenReader } from './token-reader.js';
import { GoTemplateSyntaxError } from './syntax-error.js';
import { unquote } from './literals.js';

const MAX_NESTING = 200;

/** Parses by text/template's grammar. `isFunction` decides which names may be called. Throws GoTemplateSyntaxError. */
export function parseGoTemplate(template: string, isFunction: (name: string) => boolean): ParsedTemplate {
  const parser = new TemplateParser(new TokenReader(tokenize(template)), isFunction);
  return parser.parse();
}

interface Ended {
  nodes: Node[];
  by: 'end' | 'else' | 'end-of-text';
}

class TemplateParser {
  private readonly defined = new Map<string, Node[]>();
  private readonly pipelines: PipelineParser;
  private rangeDepth = 0;
  private nesting = 0;

  constructor(
    private readonly tokens: TokenReader,
    isFunction: (name: string) => boolean,
  ) {
    this.pipelines = new PipelineParser(tokens, isFunction);
  }

  parse(): ParsedTemplate {
    const { nodes, by } = this.list({ isTop: true });
    if (by !== 'end-of-text') throw this.tokens.error(`unexpected {{${by}}}`);
    return { nodes, defined: this.defined };
  }

  private list({ isTop = false } = {}): Ended {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.tokens.nextNonSpace();
      if (token.kind === 'end-of-text') {
        if (!isTop) throw this.tokens.error('unexpected EOF');
        return { nodes, by: 'end-of-text' };
      }
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const ended = this.action(nodes, isTop);
      if (ended) return { nodes, by: ended };
    }
  }

  /** Adds the action's node, or tells that the list ends here. */
  private action(nodes: Node[], isTop: boolean): 'end' | 'else' | undefined {
    const keyword = this.tokens.takeKeyword();
    switch (keyword) {
      case 'end':
        this.tokens.expect('right', 'end');
        return 'end';
      case 'else':
        if (!this.tokens.isKeyword('if') && !this.tokens.isKeyword('with')) this.tokens.expect('right', 'else');
        return 'else';
      case 'if':
      case 'with':
      case 'range':
        nodes.push(this.control(keyword));
        return undefined;
      case 'break':
      case 'continue':
        nodes.push(this.leap(keyword));
        return undefined;
      case 'template':
        nodes.push(this.call());
        return undefined;
      case 'define':
        this.define(isTop);
        return undefined;
      case 'block':
        nodes.push(this.block());
        return undefined;
      case undefined:
      default:
        nodes.push({ kind: 'action', pipe: this.pipelines.pipe('command', 'right') });
        return undefined;
    }
  }

  private control(kind: 'if' | 'with' | 'range'): Node {
    if (++this.nesting > MAX_NESTING) throw this.tokens.error('blocks nest too deeply');
    const scope = this.pipelines.openScope();
    const pipe = this.pipelines.pipe(kind, 'right');
    if (kind === 'range') this.rangeDepth += 1;
    const { nodes: body, by } = this.list();
    if (kind === 'range') this.rangeDepth -= 1;
    const otherwise = by === 'else' ? this.otherwise(kind) : [];
    this.pipelines.closeScope(scope);
    this.nesting -= 1;
    return { kind, pipe, body, otherwise };
  }

  /** `{{else if …}}` and `{{else with …}}` share the `{{end}}` of what they stand in. */
  private otherwise(kind: 'if' | 'with' | 'range'): Node[] {
    if (kind !== 'range' && this.tokens.isKeyword(kind)) {
      this.tokens.takeKeyword();
      return [this.control(kind)];
    }
    const { nodes, by } = this.list();
    if (by !== 'end') throw this.tokens.error(`expected end; found {{${by}}}`);
    return nodes;
  }

  private leap(kind: 'break' | 'continue'): Node {
    this.tokens.expect('right', kind);
    if (this.rangeDepth === 0) throw this.tokens.error(`{{${kind}}} outside {{range}}`);
    return { kind };
  }

  private call(): Node {
    const at = this.tokens.peek().at;
    const name = this.name('template clause');
    const pipe = this.pipeOrNothing();
    return pipe ? { kind: 'template', name, pipe, at } : { kind: 'template', name, at };
  }

  private pipeOrNothing(): Pipe | undefined {
    if (this.tokens.peekNonSpace().kind !== 'right') return this.pipelines.pipe('template clause', 'right');
    this.tokens.nextNonSpace();
    return undefined;
  }

  private define(isTop: boolean): void {
    if (!isTop) throw this.tokens.error('unexpected {{define}}');
    const name = this.name('define clause');
    this.tokens.expect('right', 'define clause');
    this.body(name, 'define clause');
  }

  private block(): Node {
    const at = this.tokens.peek().at;
    const name = this.name('block clause');
    const pipe = this.pipelines.pipe('block clause', 'right');
    this.body(name, 'block clause');
    return { kind: 'template', name, pipe, at };
  }

  /** A template of its own: it sees no variables but `$` and no range of the text around it. */
  private body(name: string, context: string): void {
    const scope = this.pipelines.openTemplate();
    const { rangeDepth } = this;
    this.rangeDepth = 0;
    if (++this.nesting > MAX_NESTING) throw this.tokens.error('blocks nest too deeply');
    const { nodes, by } = this.list();
    if (by !== 'end') throw this.tokens.error(`unexpected {{${by}}} in ${context}`);
    this.nesting -= 1;
    this.rangeDepth = rangeDepth;
    this.pipelines.closeTemplate(scope);
    this.add(name, nodes);
  }

  /** An empty definition never replaces one that says something; two that say something are an error. */
  private add(name: string, nodes: Node[]): void {
    const known = this.defined.get(name);
    if (known && !isBlank(known) && !isBlank(nodes)) throw this.tokens.error(`multiple definition of template ${name}`);
    if (!known || isBlank(known)) this.defined.set(name, nodes);
  }

  private name(context: string): string {
    const token = this.tokens.nextNonSpace();
    const name = token.kind === 'raw-string' ? token.text.slice(1, -1) : unquote(token.text);
    const isText = token.kind === 'string' || token.kind === 'raw-string';
    if (!isText || name === undefined)
      throw new GoTemplateSyntaxError(`unexpected ${token.text} in ${context}`, token.at);
    return name;
  }
}

function isBlank(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}
