/**
 * Why a repository could not be read. Stable codes: conditions, the guard and tests go by them, never by the text.
 * GIT_UNREACHABLE, GIT_TIMEOUT and GIT_AUTH may pass by themselves; the others need someone to change something
 * (GIT_STORAGE: the hub's own disk; GIT_NOT_GIVEN: the words of a command).
 */
export type ReadFailureCode =
  | 'GIT_UNREACHABLE'
  | 'GIT_AUTH'
  | 'GIT_HOST_KEY'
  | 'GIT_SSH_MISSING'
  | 'GIT_NOT_FOUND'
  | 'GIT_REVISION_NOT_FOUND'
  | 'GIT_TIMEOUT'
  | 'GIT_CORRUPT'
  | 'GIT_URL_REFUSED'
  | 'GIT_TOO_LARGE'
  | 'GIT_STORAGE'
  | 'GIT_NOT_GIVEN'
  | ChartFailureCode
  | 'PATH_NOT_FOUND'
  | 'PATH_ESCAPE';

/**
 * The same of charts. CHART_UNREACHABLE, CHART_TIMEOUT and CHART_AUTH may pass by themselves; CHART_REFUSED is what the
 * hub does not do (an address, a redirect), CHART_CORRUPT what the repository should not have answered.
 */
export type ChartFailureCode =
  | 'CHART_UNREACHABLE'
  | 'CHART_TIMEOUT'
  | 'CHART_AUTH'
  | 'CHART_NOT_FOUND'
  | 'CHART_VERSION_NOT_FOUND'
  | 'CHART_REFUSED'
  | 'CHART_TOO_LARGE'
  | 'CHART_CORRUPT'
  | 'CHART_STORAGE';

export interface ReadFailure {
  code: ReadFailureCode;
  /** One sentence, without credentials. */
  message: string;
  /** The commit the revision named when the repository was last read; only where the revision itself could not be read. */
  lastKnown?: string;
}

export function readFailure(code: ReadFailureCode, message: string): ReadFailure {
  return { code, message };
}
