import {
  APPLICATIONS,
  CHILDREN,
  CLUSTERS,
  DIRECTORIES,
  ENVIRONMENTS,
  OBJECTS,
  SETS,
  STORES,
  type ApplicationSpec,
  type Edit,
  type Fault,
  type History,
  type SetSpec,
  type Step,
} from './history.js';
import { randomOf, type Random } from './random.js';

const SHAPES = ['clusters', 'directories', 'matrix'] as const;

/** The history of a seed: a fleet with something in it, then edits, faults and pauses as they come. */
export function generateHistory(seed: number): History {
  const random = randomOf(seed);
  const steps: Step[] = [...beginning(random), { step: 'settle' }];
  const count = 6 + random.below(14);
  for (let index = 0; index < count; index += 1) steps.push(stepOf(random));
  steps.push({ step: 'settle' });
  return { seed, steps };
}

/** The history of a seed for real parts, each step of which costs real time: shorter, and of more kinds. */
export function generateRealHistory(seed: number): History {
  const random = randomOf(seed);
  const steps: Step[] = [...beginning(random), { step: 'settle' }];
  const count = 5 + random.below(6);
  for (let index = 0; index < count; index += 1) steps.push(realStepOf(random));
  steps.push({ step: 'settle' });
  return { seed, steps };
}

function realStepOf(random: Random): Step {
  const dice = random.below(20);
  if (dice < 3) return { step: 'edit', edit: random.oneIn(2) ? storesEdit(random) : childEdit(random) };
  if (dice < 5) return { step: 'sync', nth: random.below(6), prune: random.oneIn(2) };
  if (dice < 7) return { step: 'fault', fault: databaseFault(random) };
  if (dice < 8) return { step: 'fault', fault: { fault: 'crash-hub' } };
  return stepOf(random);
}

function databaseFault(random: Random): Fault {
  if (random.oneIn(2)) return { fault: 'crash-postgres' };
  return { fault: 'database-clock', seconds: random.pick([-3_600, -20, 70]) };
}

function storesEdit(random: Random): Edit {
  const spec = { env: random.pick(ENVIRONMENTS), region: `region-${random.below(3)}` };
  return { edit: 'stores', name: random.pick(STORES), spec: random.oneIn(4) ? null : spec };
}

function childEdit(random: Random): Edit {
  return { edit: 'child', name: random.pick(CHILDREN), spec: applicationOrNone(random) };
}

function beginning(random: Random): Step[] {
  const edits: Edit[] = [];
  for (const directory of DIRECTORIES.slice(0, 1 + random.below(DIRECTORIES.length))) {
    for (const object of OBJECTS.slice(0, 1 + random.below(OBJECTS.length)))
      edits.push({ edit: 'push', directory, object, value: '0' });
  }
  for (const cluster of CLUSTERS) edits.push({ edit: 'label', cluster, env: random.pick(ENVIRONMENTS) });
  edits.push({ edit: 'set', name: 's1', spec: setSpec(random) });
  if (random.oneIn(2)) edits.push({ edit: 'application', name: 'solo1', spec: applicationSpec(random) });
  return edits.map((edit) => ({ step: 'edit', edit }));
}

function stepOf(random: Random): Step {
  const dice = random.below(20);
  if (dice < 8) return { step: 'edit', edit: editOf(random) };
  if (dice < 9) return { step: 'preview', edit: shownEditOf(random) };
  if (dice < 14) return { step: 'fault', fault: faultOf(random) };
  if (dice < 19) return { step: 'run', turns: 1 + random.below(random.oneIn(2) ? 200 : 20) };
  return { step: 'settle' };
}

function editOf(random: Random): Edit {
  const directory = random.pick(DIRECTORIES);
  const object = random.pick(OBJECTS);
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return { edit: 'set', name: random.pick(SETS), spec: random.oneIn(5) ? null : setSpec(random) };
    case 3:
      return { edit: 'application', name: random.pick(APPLICATIONS), spec: applicationOrNone(random) };
    case 4:
    case 5:
    case 6:
      return labelEdit(random);
    case 7:
      return { edit: 'project', denied: random.oneIn(2) ? null : random.pick(CLUSTERS) };
    case 8:
      return { edit: 'remove-directory', directory };
    case 9:
      return { edit: 'push', directory, object, value: null };
    default:
      return { edit: 'push', directory, object, value: String(random.below(10)) };
  }
}

/** Whose plan can be shown: a set as it is written, or a label. */
function shownEditOf(random: Random): Edit {
  if (random.oneIn(2)) return labelEdit(random);
  return { edit: 'set', name: random.pick(SETS), spec: setSpec(random) };
}

function faultOf(random: Random): Fault {
  const cluster = random.pick(CLUSTERS);
  const choices: readonly Fault[] = [
    { fault: 'crash-hub' },
    { fault: 'crash-agent', cluster },
    { fault: 'cut-commit', after: random.below(6), when: random.pick(['before', 'after']) },
    { fault: 'partition', cluster },
    { fault: 'reunite', cluster },
    { fault: 'unreadable' },
    { fault: 'empty' },
    { fault: 'readable' },
    { fault: 'api', cluster, calls: 1 + random.below(6) },
    { fault: 'repeat', cluster },
    { fault: 'lose-cache', cluster },
    { fault: 'clock', seconds: random.pick([-3_600, 1, 70, 4_000]) },
    { fault: 'tamper', cluster, nth: random.below(6), how: random.pick(['delete', 'change']) },
  ];
  return random.pick(choices);
}

function labelEdit(random: Random): Edit {
  return { edit: 'label', cluster: random.pick(CLUSTERS), env: random.pick([...ENVIRONMENTS, null]) };
}

function setSpec(random: Random): SetSpec {
  return {
    shape: random.pick(SHAPES),
    env: random.pick(ENVIRONMENTS),
    cluster: random.pick(CLUSTERS),
    directory: random.pick(DIRECTORIES),
  };
}

function applicationOrNone(random: Random): ApplicationSpec | null {
  return random.oneIn(3) ? null : applicationSpec(random);
}

function applicationSpec(random: Random): ApplicationSpec {
  return { directory: random.pick(DIRECTORIES), cluster: random.pick(CLUSTERS), cascades: !random.oneIn(3) };
}
