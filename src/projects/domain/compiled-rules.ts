import type { AppProjectSpec } from './app-project.js';

/**
 * Compiles a part of a spec once for as long as that spec object lives: a project is asked about thousands of objects
 * between two edits. Specs are read-only once parsed.
 */
export function compiledRules<T>(compile: (spec: AppProjectSpec) => T): (spec: AppProjectSpec) => T {
  const compiled = new WeakMap<AppProjectSpec, T>();
  return (spec) => {
    const known = compiled.get(spec);
    if (known !== undefined) return known;
    const rules = compile(spec);
    compiled.set(spec, rules);
    return rules;
  };
}
