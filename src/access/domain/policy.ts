/** One `p` line: the subject may (or may not) do what matches the three globs. */
export interface PolicyRule {
  subject: string;
  resource: string;
  action: string;
  object: string;
  effect: string;
  /** The line as written, for reasons. */
  text: string;
}

/** One `g` line: the subject is a member of the role. */
export interface Grouping {
  subject: string;
  role: string;
}

export interface Policy {
  rules: PolicyRule[];
  groupings: Grouping[];
}

/** What one asks: may this be done to that object? Texts as in policies. */
export interface PolicyRequest {
  resource: string;
  action: string;
  object: string;
}

export const projectRoleSubject = (project: string, role: string): string => `proj:${project}:${role}`;

/** The project and role of a subject such as `proj:team-a:deployer`; undefined for any other subject. */
export function projectOfSubject(subject: string): string | undefined {
  const [prefix, project, role, ...rest] = subject.split(':');
  return prefix === 'proj' && role !== undefined && rest.length === 0 ? project : undefined;
}
