import type { RolePolicies } from './domain/role-policies.js';

/** Where the evaluator reads the roles of a project; projects/ implements it. */
export abstract class PolicySource {
  /** Roles of the stored project, read now: none when there is no such project, so its tokens lose their rights at once. */
  abstract policiesOf(project: string): Promise<readonly RolePolicies[]>;
}
