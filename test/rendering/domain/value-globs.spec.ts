import { expect, it } from 'vitest';
import { compileValueGlob } from '../../../src/rendering/domain/helm/value-globs.js';

// As doublestar 4 matches them.
it.each([
  ['values/*.yaml', ['values/a.yaml'], ['values/deep/a.yaml', 'a.yaml']],
  ['values/**/*.yaml', ['values/a.yaml', 'values/x/y/a.yaml'], ['a.yaml']],
  ['values/**.yaml', ['values/a.yaml'], ['values/x/a.yaml']],
  ['**/a.yaml', ['a.yaml', 'x/y/a.yaml'], ['x/ba.yaml']],
  ['{east,west/**}/v.yaml', ['east/v.yaml', 'west/x/v.yaml'], ['north/v.yaml']],
  ['v-[^a].yaml', ['v-b.yaml'], ['v-a.yaml']],
  ['v?.yaml', ['v1.yaml'], ['v.yaml', 'v/.yaml']],
])('a value file may be named by %s', (pattern, matching, others) => {
  const matches = compileValueGlob(pattern);
  expect(matching.filter((path) => !matches?.(path))).toEqual([]);
  expect(others.filter((path) => matches?.(path))).toEqual([]);
});
