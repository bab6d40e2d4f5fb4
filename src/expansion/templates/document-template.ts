import { Budget } from '../budget.js';
import { ExpansionFailure } from '../failure.js';
import { isObject, setOwn } from '../../kernel/json.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { newParameters, type Parameters } from '../parameters.js';
import { Warnings } from '../warnings.js';
import type { TemplateEngine } from './engine.js';
import { TagLimit } from './tag-limit.js';

type Render = (parameters: Parameters, budget: Budget) => unknown;

/**
 * A document whose every string, map keys included, is a text of the engine; other values are copied as they are, but
 * members that are null are left out, as Argo CD's renderer does.
 * Parts without tags are made once, shared between renderings, and frozen.
 */
export interface DocumentTemplate {
  /** No part holds a tag: every rendering is the same frozen value. */
  readonly isStatic: boolean;
  readonly render: Render;
  /** Members and items that each rendering builds. */
  readonly size: number;
}

export interface TemplateSource {
  document: unknown;
  path: string;
  engine: TemplateEngine;
  maxDepth: number;
}

/** Compiles once; see argocd-behaviour.md 2.1 for what is walked. */
export function compileDocument({ document, path, engine, maxDepth }: TemplateSource): DocumentTemplate {
  return compileNode(document, path, { engine, depth: maxDepth, tags: new TagLimit() });
}

const NO_PARAMETERS = newParameters();
const NO_BUDGET = new Budget(DEFAULT_LIMITS, new Warnings(0));

interface Walk {
  engine: TemplateEngine;
  /** Levels left. */
  depth: number;
  tags: TagLimit;
}

function compileNode(node: unknown, path: string, walk: Walk): DocumentTemplate {
  if (typeof node === 'string') {
    walk.tags.count(node, path);
    const text = walk.engine.compile(node, path);
    return text.isStatic ? fixed(node) : { isStatic: false, render: (...given) => text.render(...given), size: 0 };
  }
  if (!Array.isArray(node) && !isObject(node)) return fixed(node);
  if (walk.depth <= 0) throw new ExpansionFailure('TEMPLATE_TOO_DEEP', 'the template nests too deeply', path);
  const below = { ...walk, depth: walk.depth - 1 };
  return Array.isArray(node) ? compileList(node, path, below) : compileMap(node, path, below);
}

function compileList(list: readonly unknown[], path: string, walk: Walk): DocumentTemplate {
  const items = list.map((item, index) => compileNode(item, `${path}[${index}]`, walk));
  return whole(items, (parameters, budget) => items.map((item) => item.render(parameters, budget)));
}

function compileMap(map: Record<string, unknown>, path: string, walk: Walk): DocumentTemplate {
  const names = Object.keys(map).filter((name) => map[name] != null);
  const members = names.map((name) => ({
    key: compileNode(name, path, walk),
    value: compileNode(map[name], `${path}.${name}`, walk),
  }));
  const parts = members.flatMap(({ key, value }) => [key, value]);
  return whole(parts, (parameters, budget) => {
    const built: Record<string, unknown> = {};
    for (const { key, value } of members) {
      setOwn(built, key.render(parameters, budget) as string, value.render(parameters, budget));
    }
    return built;
  });
}

/** Made here and now where no part holds a tag: static parts ask neither for parameters nor for budget. */
function whole(parts: readonly DocumentTemplate[], render: Render): DocumentTemplate {
  if (!parts.every(({ isStatic }) => isStatic)) {
    return { isStatic: false, render, size: parts.reduce((sum, part) => sum + part.size, parts.length) };
  }
  return fixed(Object.freeze(render(NO_PARAMETERS, NO_BUDGET)));
}

function fixed(value: unknown): DocumentTemplate {
  return { isStatic: true, render: () => value, size: 0 };
}
