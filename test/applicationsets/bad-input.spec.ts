import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import { applicationSet, project } from '../support/documents.js';
import { eventually, statusOf, World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.start([]);
  await world.admin.apply(project('team-a'));
});
afterAll(() => world?.stop());

const set = (name: string, generators: string, template = 'app'): string =>
  applicationSet({ name, generators, repoURL: 'https://git.example.com/r.git', path: 'p', cluster: 'none', template });
const numbers = (count: number, key: string): string =>
  `{ list: { elements: [${Array.from({ length: count }, (_, index) => `{ ${key}: '${index}' }`).join(', ')}] } }`;
const go = (yaml: string): string => yaml.replace('spec:\n', 'spec:\n  goTemplate: true\n');

const CASES: [string, string, string][] = [
  [
    'neither of two exclusive fields',
    set('neither', '[{ git: { repoURL: https://git.example.com/r.git, revision: HEAD } }]'),
    'spec.generators[0].git: GENERATOR_EMPTY',
  ],
  [
    'more results than a set may give',
    set('many', `[{ matrix: { generators: [${numbers(400, 'a')}, ${numbers(300, 'b')}] } }]`),
    'spec.generators[0].matrix: TOO_MANY_RESULTS',
  ],
  [
    'a template that loops',
    go(set('loops', '[{ list: { elements: [{ a: b }] } }]', '{{range until 1000}}{{range until 1000}}{{end}}{{end}}')),
    'spec.template.metadata.name: TEMPLATE_TOO_SLOW',
  ],
];

describe('a set with bad input', () => {
  it.each(CASES)('is told in its preview and in its conditions: %s', async (_what, document, refusal) => {
    const sent = { method: 'POST', path: '/api/v1/applicationsets/preview', type: 'application/yaml', body: document };
    const { plan } = (await world.admin.send({ ...sent, method: 'POST' })).body as { plan: PlanView };
    expect(plan.errors?.map(({ path, code }) => `${path}: ${code}`)).toEqual([refusal]);
    await world.admin.apply(document);
    const name = /metadata: \{ name: (\w+) \}/.exec(document)?.[1] ?? '';
    await eventually(`the condition of ${name}`, async () => {
      const { conditions = [], errors = [] } = statusOf(await world.get('applicationsets', name));
      const failed = conditions.some(({ type, status }) => type === 'ErrorOccurred' && status === 'True');
      return [failed && errors.some(({ path, code }) => `${path}: ${code}` === refusal), { conditions, errors }];
    });
    expect(await world.names('applications')).toEqual([]);
  });
});
