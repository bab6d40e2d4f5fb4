import type { Random } from '../../../support/seeded-random.js';
import type { Area } from '../area.js';
import { Expressions, type Signature } from './go-expressions.js';
import { BUILTIN_SIGNATURES, SPRIG_SIGNATURES } from './go-signatures.js';
import { renderedTemplate, TEMPLATE_PREAMBLE } from './template-answer.js';

const OPTIONS = ['default', 'default', 'zero', 'error'];
const TEXTS = ['x', ' ', 'a b', '\n', ' - ', '{', '}', '}}', ''];
const COMMENTS = ['{{/* c */}}', '{{- /* c */ -}}', '{{/*\n*/}}'];

/** The language: blocks in blocks, variables, ranges, defined templates, trim markers. */
export const LANGUAGE: Area = {
  name: 'language',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => {
    const writer = new TemplateWriter(random, [...BUILTIN_SIGNATURES, ...SPRIG_SIGNATURES]);
    return { area: 'template', text: writer.template(), option: random.pick(OPTIONS) };
  },
  answer: renderedTemplate,
};

/** Single calls of functions with arguments that fit or not. */
export const FUNCTIONS: Area = {
  name: 'functions',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => {
    const all = [...BUILTIN_SIGNATURES, ...SPRIG_SIGNATURES];
    const expressions = new Expressions(random, all);
    const made = expressions.pipeline(random.pick(all), 2);
    return { area: 'template', text: `{{${made}${random.pick(VIEWS)}}}`, option: random.pick(OPTIONS) };
  },
  answer: renderedTemplate,
};

const VIEWS = ['', '', ' | printf "%#v"', ' | printf "%T %v"', ' | toJson', ' | toYaml', ' | quote', ' | kindOf'];

class TemplateWriter {
  private readonly expressions: Expressions;
  private named = 0;
  private readonly defined: string[] = [];
  private inRange = 0;

  constructor(
    private readonly random: Random,
    functions: readonly Signature[],
  ) {
    this.expressions = new Expressions(random, functions);
  }

  template(): string {
    const defines = this.random.below(4) === 0 ? this.define() : '';
    return defines + this.body(3);
  }

  private body(depth: number): string {
    const parts = Array.from({ length: 1 + this.random.below(3) }, () => this.part(depth));
    return parts.join('');
  }

  private part(depth: number): string {
    const choice = this.random.below(depth > 0 ? 14 : 5);
    switch (choice) {
      case 0:
        return this.random.pick(TEXTS);
      case 1:
        return this.random.below(6) === 0 ? this.random.pick(COMMENTS) : this.action(this.expressions.any(2));
      case 2:
        return this.action(this.expressions.any(1));
      case 3:
        return this.action(this.expressions.known() ?? this.expressions.leaf(this.expressions.kind()));
      case 4:
        return this.inRange > 0 ? this.action(this.random.pick(['break', 'continue'])) : this.random.pick(TEXTS);
      case 5:
      case 6:
        return this.condition('if', depth);
      case 7:
        return this.condition('with', depth);
      case 8:
      case 9:
        return this.range(depth);
      case 10:
        return this.block(depth);
      case 11:
        return this.defined.length > 0 ? this.call() : this.action(this.expressions.any(1));
      case 12:
        return this.assignment();
      default:
        return this.declared(depth);
    }
  }

  private action(text: string): string {
    const left = this.random.below(6) === 0 ? '{{- ' : '{{';
    const right = this.random.below(6) === 0 ? ' -}}' : '}}';
    return `${left}${text}${right}`;
  }

  private condition(keyword: 'if' | 'with', depth: number): string {
    const variable = this.random.below(3) === 0 ? [`$v${this.named++}`] : [];
    const pipe = this.expressions.operand(this.expressions.kind(), 1);
    return this.expressions.within(variable, () => {
      const opening = this.action(`${keyword} ${variable.length > 0 ? `${variable[0]} := ` : ''}${pipe}`);
      const otherwise = this.random.below(2) === 0 ? this.otherwise(keyword, depth) : '';
      return `${opening}${this.body(depth - 1)}${otherwise}${this.action('end')}`;
    });
  }

  private otherwise(keyword: 'if' | 'with', depth: number): string {
    const chained = this.random.below(3) === 0 ? ` ${keyword} ${this.expressions.operand('any', 1)}` : '';
    const last = chained !== '' && this.random.below(2) === 0 ? `${this.action('else')}${this.body(depth - 1)}` : '';
    return `${this.action(`else${chained}`)}${this.body(depth - 1)}${last}`;
  }

  private range(depth: number): string {
    const variables = Array.from({ length: this.random.below(3) }, () => `$r${this.named++}`);
    const sign = this.random.below(8) === 0 ? '=' : ':=';
    const known = this.expressions.known();
    const targets = sign === '=' && known ? [known] : variables;
    const kind = this.random.pick(['list', 'list', 'map', 'int', 'any'] as const);
    const pipe = `${targets.length > 0 ? `${targets.join(', ')} ${sign} ` : ''}${this.expressions.operand(kind, 1)}`;
    this.inRange += 1;
    const body = this.expressions.within(sign === '=' ? [] : variables, () => this.body(depth - 1));
    this.inRange -= 1;
    const otherwise = this.random.below(3) === 0 ? `${this.action('else')}${this.body(depth - 1)}` : '';
    return `${this.action(`range ${pipe}`)}${body}${otherwise}${this.action('end')}`;
  }

  private declared(depth: number): string {
    const variable = `$d${this.named++}`;
    const value = this.expressions.any(1);
    return this.action(`${variable} := ${value}`) + this.expressions.within([variable], () => this.body(depth - 1));
  }

  private assignment(): string {
    const known = this.expressions.known();
    return known ? this.action(`${known} = ${this.expressions.any(1)}`) : this.action(this.expressions.any(1));
  }

  private define(): string {
    const name = `t${this.defined.length}`;
    const text = `{{define "${name}"}}${this.body(1)}{{end}}`;
    this.defined.push(name);
    return text;
  }

  private block(depth: number): string {
    const inner = this.body(depth - 1);
    return `{{block "b${this.named++}" ${this.expressions.operand('any', 1)}}}${inner}{{end}}`;
  }

  private call(): string {
    return `{{template "${this.random.pick(this.defined)}" ${this.expressions.operand('any', 1)}}}`;
  }
}
