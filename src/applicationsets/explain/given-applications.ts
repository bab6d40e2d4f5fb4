import type { GeneratedApplication } from '../../expansion/expansion.js';
import type { GeneratedPlan } from '../../generation/generated-plan.js';
import { canonicalJson } from '../../kernel/json.js';
import { keyOf } from '../domain/desired-applications.js';
import type { TracedApplication } from './set-trace.js';
import type { GivenApplication } from './why-not.js';

/** What an expansion gives only because one cluster is there: `all`, less what is equally given without it. */
export function givenBy(
  all: readonly TracedApplication[],
  without: readonly TracedApplication[],
): GeneratedApplication[] {
  const others = new Map<string, number>();
  for (const { application } of without) others.set(textOf(application), (others.get(textOf(application)) ?? 0) + 1);
  return all.flatMap(({ application }) => {
    const text = textOf(application);
    const left = others.get(text) ?? 0;
    others.set(text, left - 1);
    return left > 0 ? [] : [application];
  });
}

/** What becomes of generated Applications by the plan they are part of. */
export function statesIn({ problems, plan }: GeneratedPlan): (application: GeneratedApplication) => GivenApplication {
  const refused = new Map(problems.map((problem) => [problem.key, problem]));
  const created = new Set(plan.creates.map(({ key }) => key));
  const updated = new Set(plan.updates.map(({ key }) => key));
  return ({ metadata, spec }) => {
    const key = keyOf(metadata);
    const place = { namespace: metadata.namespace, name: metadata.name, project: projectOf(spec) };
    const problem = refused.get(key);
    if (problem) return { ...place, state: 'refused', code: problem.code, reason: problem.message };
    if (created.has(key)) return { ...place, state: 'to-be-created' };
    return { ...place, state: updated.has(key) ? 'to-be-updated' : 'there' };
  };
}

function projectOf({ project }: GeneratedApplication['spec']): string {
  return typeof project === 'string' && project !== '' ? project : 'default';
}

function textOf({ metadata, spec }: GeneratedApplication): string {
  return canonicalJson({ metadata, spec });
}
