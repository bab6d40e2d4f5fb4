import { fit } from '../../expansion/shape.js';
import { isObject, own } from '../../kernel/json.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { APP_PROJECT_SHAPE } from '../app-project-shape.js';
import { Unanswered } from './unanswered.js';

export interface GivenProject {
  name: string;
  spec: AppProjectSpec;
}

/** An AppProject of a question, decoded as Argo CD does: unknown fields do not count. Throws Unanswered. */
export function givenProject(document: unknown): GivenProject {
  const { value, wrong } = fit(APP_PROJECT_SHAPE, document, 'project');
  const [first] = wrong;
  if (first || !isObject(value)) throw new Unanswered(first?.message ?? 'project must be an object');
  const metadata = own(value, 'metadata');
  const name = isObject(metadata) ? own(metadata, 'name') : undefined;
  return { name: typeof name === 'string' ? name : '', spec: (own(value, 'spec') ?? {}) as AppProjectSpec };
}
