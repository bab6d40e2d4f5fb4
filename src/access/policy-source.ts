import type { RolePolicies } from './domain/role-policies.js';

/** Where the evaluator reads the roles of a project; projects/ implements it. */
export abstract class PolicySource {
  /**
   * Roles of the stored project, as of now: none when there is no such project, so its tokens lose their rights at once.
   * Give the same array for as long as nothing changed, and never change one that was given: compilations hang on it.
   */
  abstract policiesOf(project: string): Promise<readonly RolePolicies[]>;
}
