import { isObject, own, setOwn } from '../../kernel/json.js';
import type { Shape } from '../shape.js';

/**
 * A generator's own template over the set's (argocd-behaviour.md 1.0.3): maps merge per key, lists never; what is empty
 * in the generator (empty text, false, 0, no items) cannot blank out what the set says.
 */
export function mergeTemplates(generator: unknown, base: unknown, shape?: Shape): unknown {
  if (shape?.kind === 'raw') return generator ?? base;
  if (isEmpty(generator)) return base ?? generator;
  if (!isObject(generator) || !isObject(base)) return generator;
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(generator)])) {
    setOwn(merged, key, mergeMember(generator, base, { key, shape }));
  }
  return merged;
}

function mergeMember(
  left: Record<string, unknown>,
  right: Record<string, unknown>,
  { key, shape }: { key: string; shape: Shape | undefined },
): unknown {
  const below = shape?.kind === 'object' ? (own(shape.fields, key) as Shape | undefined) : undefined;
  return mergeTemplates(own(left, key), own(right, key), below);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
