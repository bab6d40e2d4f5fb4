import type { RolePolicies } from './domain/role-policies.js';

/** Where the evaluator reads the roles of a project; projects/ implements it. */
export abstract class PolicySource {
  /**
   * Roles of the stored project, as of now: none when there is no such project, so its tokens lose their rights at once.
   * An array that was given is never changed; the same one given again spares comparing what the roles say.
   */
  abstract policiesOf(project: string): Promise<readonly RolePolicies[]>;
}
