import { isObject } from '../../../../src/kernel/json.js';
import { newParameters, stringMap, StringList, type Parameters } from '../../../../src/expansion/parameters.js';

/** Parameters of compared templates; `$texts` and `$textMap` mark Go's []string and map[string]string. */
export const TEMPLATE_DATA = {
  name: 'web',
  empty: '',
  spaced: '  two words ',
  uni: 'zü😀ß',
  lines: 'a: 1\nb: [x, y]\n',
  version: '1.2.3-rc.1+b7',
  path: 'apps/web/v1.2',
  url: 'https://u:p@git.example.com:8443/a/b?x=1&y=2#f',
  json: '{"a":[1,2.5,null],"b":{"c":true}}',
  odd: "<a href='x'>&\"\n=\\</a>\t",
  number: '42',
  hex: '0x1F',
  one: 1,
  n: 3,
  zero: 0,
  big: 1000000,
  huge: 1e21,
  ratio: 0.125,
  neg: -2.5,
  yes: true,
  no: false,
  nil: null,
  list: ['a', 1, null, true],
  words: ['pear', 'apple', 'fig', 'apple', ''],
  nums: [3, 1.5, -2, 0],
  none: [],
  lists: [['a', 'b'], ['c'], []],
  people: [
    { name: 'ann', age: 30 },
    { name: 'bob', age: 4 },
  ],
  map: { b: 1, a: { deep: 'x', list: [1, 2] }, c: null, 'x-y': 'dash' },
  other: { b: 2, a: { deeper: { end: 'z' } }, d: ['q'] },
  nothing: {},
  labels: { $textMap: { env: 'prod', tier: '', 'app.kubernetes.io/name': 'web' } },
  segments: { $texts: ['apps', 'web'] },
};

export function templateParameters(): Parameters {
  return newParameters(Object.fromEntries(Object.entries(TEMPLATE_DATA).map(([key, value]) => [key, typed(value)])));
}

function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (!isObject(value)) return value;
  if (Array.isArray(value['$texts'])) return StringList.from(value['$texts'] as string[]);
  if (isObject(value['$textMap'])) return stringMap(Object.entries(value['$textMap'] as Record<string, string>));
  return newParameters(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typed(member)])));
}
