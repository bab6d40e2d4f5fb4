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

/** What becomes of a generated Application by the plan it is part of. */
export function stateOf({ metadata, spec }: GeneratedApplication, generated: GeneratedPlan): GivenApplication {
  const key = keyOf(metadata);
  const { namespace, name } = metadata;
  const project = spec['project'];
  const place = { namespace, name, project: typeof project === 'string' && project !== '' ? project : 'default' };
  const problem = generated.problems.find((each) => each.key === key);
  if (problem) return { ...place, state: 'refused', code: problem.code, reason: problem.message };
  const { creates, updates } = generated.plan;
  if (creates.some((item) => item.key === key)) return { ...place, state: 'to-be-created' };
  return { ...place, state: updates.some((item) => item.key === key) ? 'to-be-updated' : 'there' };
}

function textOf({ metadata, spec }: GeneratedApplication): string {
  return canonicalJson({ metadata, spec });
}
