/** Where a part of a template stands: its own value, what is around it, and the names it gives. */
export interface Scope {
  readonly value: unknown;
  readonly parent: Scope | undefined;
  readonly root: unknown;
  /** `@index`, `@key`, `@first`, `@last`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Block parameters: `as |item index|`. */
  readonly names: Readonly<Record<string, unknown>>;
}

const NONE: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null) as Record<string, unknown>);

export function rootScope(value: unknown): Scope {
  return { value, parent: undefined, root: value, data: NONE, names: NONE };
}

/** The scope of a block within `parent`. */
export function innerScope(parent: Scope, value: unknown, given: Partial<Pick<Scope, 'data' | 'names'>> = {}): Scope {
  const names = given.names ? Object.assign(Object.create(null), parent.names, given.names) : parent.names;
  return { value, parent, root: parent.root, data: given.data ?? parent.data, names };
}
