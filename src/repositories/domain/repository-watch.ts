import { mattersTo } from '../../expansion/git-read-paths.js';
import { SemanticVersion } from '../../kernel/semantic-version.js';
import { VersionConstraint } from '../../kernel/version-constraint.js';
import { touchesPaths } from './webhooks/watched-paths.js';
import { revisionOf } from './webhooks/pushed-ref.js';

/** What a reader depends on in a repository; without `paths` and `patterns` every file at its revision. */
export interface RepositoryWatch {
  /** As the reader names it: branch, tag, range of tags, `HEAD` or `''`. */
  revision: string;
  /** From the root of the repository. */
  paths?: readonly string[];
  /** Of a Git generator. */
  patterns?: { kind: 'directories' | 'files'; patterns: readonly string[] };
}

/** Everything where it is not known what: the safe answer. */
export type Watches = readonly RepositoryWatch[] | 'everything';

/** A branch or tag that moved. */
export interface Movement {
  /** Without `refs/heads/` or `refs/tags/`. */
  revision: string;
  touchesDefault: boolean;
  /** Paths that changed; absent where that is not known. */
  files?: readonly string[] | undefined;
}

/** Whether what moved can change anything for the reader. */
export function isTouchedBy(watches: Watches, movement: Movement): boolean {
  return (
    watches === 'everything' || watches.some((watch) => namesRevision(watch, movement) && readsFiles(watch, movement))
  );
}

/** The same by revision alone: whether it must be known which files changed. */
export function asksForFiles(watches: Watches, movement: Movement): boolean {
  if (watches === 'everything') return false;
  return watches.some((watch) => namesRevision(watch, movement) && (watch.paths ?? watch.patterns) !== undefined);
}

/** argocd-behaviour.md 7.4: HEAD for the default branch only, otherwise the name or a range of versions, which tags may prefix. */
function namesRevision({ revision }: RepositoryWatch, movement: Movement): boolean {
  if (revision === '' || revision === 'HEAD') return movement.touchesDefault;
  if (revisionOf(revision) === movement.revision) return true;
  const version = SemanticVersion.parse(/v?\d[^/]*$/.exec(movement.revision)?.[0] ?? '');
  if (!version.ok) return false;
  const constraint = VersionConstraint.parse(revision);
  return constraint.ok && constraint.value.isMetBy(version.value);
}

function readsFiles({ paths, patterns }: RepositoryWatch, { files }: Movement): boolean {
  if (files === undefined || files.length === 0) return true;
  if (paths !== undefined) return touchesPaths(paths, files);
  if (patterns === undefined) return true;
  const matters = mattersTo({ kind: patterns.kind, patterns: patterns.patterns });
  return files.some((file) => (patterns.kind === 'files' ? [file] : directoriesOf(file)).some(matters));
}

function directoriesOf(file: string): string[] {
  const segments = file.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
