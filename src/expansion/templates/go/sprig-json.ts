import { FleetError, messageOf } from '../../../kernel/errors.js';
import { isObject } from '../../../kernel/json.js';
import { parseYaml } from '../../../kubernetes/yaml.js';
import { newParameters } from '../../parameters.js';
import { GoExecutionError } from './execution-error.js';
import { goJson, type JsonStyle } from './go-json.js';
import { goYaml } from './go-yaml.js';
import type { CallContext, GoFunction } from './function.js';
import { ofAny, ofText, refuse, type NamedFunction } from './signatures.js';
import type { GoValue } from './values.js';

const written = (name: string, style: JsonStyle, isLenient = false): GoFunction =>
  ofAny((value, context) => {
    try {
      return charged(goJson(value, style), context);
    } catch (error) {
      if (isLenient && error instanceof GoExecutionError) return '';
      return refuse(name, messageOf(error));
    }
  });

/** A short text may stand for many values, by its aliases and merges. */
const MOST_NODES = 50_000;

/** Functions between values and their JSON or YAML text. */
export const SPRIG_JSON: readonly NamedFunction[] = [
  ['toJson', written('toJson', 'html-safe', true)],
  ['mustToJson', written('mustToJson', 'html-safe')],
  ['toPrettyJson', written('toPrettyJson', 'pretty', true)],
  ['mustToPrettyJson', written('mustToPrettyJson', 'pretty')],
  ['toRawJson', written('toRawJson', 'raw')],
  ['mustToRawJson', written('mustToRawJson', 'raw')],
  ['fromJson', ofText((text) => readJson(text) ?? null)],
  [
    'mustFromJson',
    ofText((text) => {
      const value = readJson(text);
      return value === undefined ? refuse('mustFromJson', 'the text is no JSON') : value;
    }),
  ],
  ['toYaml', ofAny((value, context) => charged(goYaml(value).replace(/\n$/, ''), context))],
  ['fromYaml', ofText((text) => yamlOf('fromYaml', text, isObject) ?? newParameters())],
  ['fromYamlArray', ofText((text) => yamlOf('fromYamlArray', text, Array.isArray) ?? [])],
];

function charged(text: string, context: CallContext): string {
  context.charge(text.length);
  return text;
}

/** Undefined where the text is no JSON. */
function readJson(text: string): GoValue {
  try {
    return JSON.parse(text) as GoValue;
  } catch {
    return undefined;
  }
}

function yamlOf(name: string, text: string, isWanted: (value: unknown) => boolean): GoValue {
  const value = readYaml(name, text);
  if (value === null || isWanted(value)) return value;
  return refuse(name, `the text holds ${Array.isArray(value) ? 'a list' : typeof value}`);
}

function readYaml(name: string, text: string): GoValue {
  try {
    return parseYaml(text, { duplicateKeys: 'last-wins', maxNodes: MOST_NODES });
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return refuse(name, error.message);
  }
}
