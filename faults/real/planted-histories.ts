import { DIRECTORIES, type Edit, type History, type Step } from '../model/history.js';
import type { PlantedPart } from './planted-part.js';

/** For each bug on purpose a history that shows it. */
export function plantedHistory(bug: PlantedPart): History {
  return { seed: 0, steps: STEPS[bug] };
}

const edit = (what: Edit): Step => ({ step: 'edit', edit: what });
const pause: Step = { step: 'run', turns: 60 };
const FLEET: readonly Step[] = [
  ...DIRECTORIES.map((directory) => edit({ edit: 'push', directory, object: 'one', value: '0' })),
  edit({ edit: 'label', cluster: 'c1', env: 'dev' }),
  edit({ edit: 'set', name: 's1', spec: { shape: 'matrix', env: 'dev', cluster: 'c1', directory: 'a' } }),
  { step: 'settle' },
];
const PUSHES: readonly Step[] = DIRECTORIES.flatMap((directory) => [
  edit({ edit: 'push', directory, object: 'two', value: '1' }),
  pause,
]);
const LABELS: readonly Step[] = (['c1', 'c2', 'c3'] as const).flatMap((cluster) => [
  edit({ edit: 'label', cluster, env: 'prod' }),
  pause,
]);

const STEPS: Readonly<Record<PlantedPart, readonly Step[]>> = {
  'lost-update': [...FLEET, ...LABELS, ...PUSHES],
  'premature-delete': [
    ...FLEET,
    { step: 'fault', fault: { fault: 'unreadable' } },
    { step: 'run', turns: 400 },
    edit({ edit: 'label', cluster: 'c2', env: 'dev' }),
    { step: 'run', turns: 400 },
  ],
  'skipped-revision': [...FLEET, ...PUSHES],
};
