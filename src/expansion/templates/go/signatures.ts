import { GoExecutionError } from './execution-error.js';
import type { CallContext, GoFunction, ParameterType } from './function.js';
import { kindOf, type GoValue } from './values.js';

export type NamedFunction = readonly [string, GoFunction];

/** A function of just these parameters. */
export const of = (parameters: ParameterType[], call: GoFunction['call']): GoFunction => ({ parameters, call });

/** A function of these parameters and any more of any type. */
export const ofMany = (parameters: ParameterType[], call: GoFunction['call']): GoFunction => ({
  parameters,
  variadic: 'any',
  call,
});

export const ofText = (call: (text: string, context: CallContext) => GoValue): GoFunction =>
  of(['string'], ([text], context) => call(text as string, context));

export const ofTwoTexts = (call: (first: string, second: string) => GoValue): GoFunction =>
  of(['string', 'string'], ([first, second]) => call(first as string, second as string));

export const ofAny = (call: (value: GoValue, context: CallContext) => GoValue): GoFunction =>
  of(['any'], ([value], context) => call(value, context));

/** A function that looks at a list's length and order only, not into its items. */
export const shallow = (called: GoFunction): GoFunction => ({ ...called, isShallow: true });

/** The same function under its own name and as its `must` twin, which fails alike in a template. */
export const withMust = (name: string, called: GoFunction): NamedFunction[] => [
  [name, called],
  [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`, called],
];

export function refuse(name: string, message: string): never {
  throw new GoExecutionError(`error calling ${name}: ${message}`);
}

/** The items of a Go slice; throws for anything else. */
export function itemsOf(value: GoValue, name: string): readonly GoValue[] {
  if (Array.isArray(value)) return Array.from(value as unknown[]);
  return refuse(name, `list should be type of slice or array but ${value === null ? 'nil' : kindOf(value)}`);
}
