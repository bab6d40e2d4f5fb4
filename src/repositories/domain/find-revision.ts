import { SemanticVersion } from '../../kernel/semantic-version.js';
import { VersionConstraint } from '../../kernel/version-constraint.js';
import type { RemoteRefs } from './remote-refs.js';

const TAGS = 'refs/tags/';

/**
 * The commit of `''`, `HEAD`, a branch, a tag, a full reference name, or of the highest tag that a range of versions
 * allows. A range comes before a branch or tag that is spelt like one, a single version is a name like any other, and
 * branches win over tags of the same name. With a prefix only tags that begin with it are versions: what follows it
 * (argocd-behaviour.md 4.1).
 */
export function findRevision(remote: RemoteRefs, revision: string, tagPrefix = ''): string | undefined {
  if (revision === '' || revision === 'HEAD') {
    return (remote.headRef === undefined ? undefined : remote.refs.get(remote.headRef)) ?? remote.headSha;
  }
  const names = [revision, `refs/heads/${revision}`, `${TAGS}${revision}`];
  if (tagPrefix !== '') names.unshift(`${TAGS}${tagPrefix}${revision}`);
  const inRange = highestTag(remote.refs, revision, tagPrefix);
  return inRange ?? names.map((name) => remote.refs.get(name)).find((sha) => sha !== undefined);
}

/** Undefined where the text is no range, or no tag lies in it. Of equal versions the first tag counts. */
function highestTag(refs: ReadonlyMap<string, string>, range: string, prefix: string): string | undefined {
  if (SemanticVersion.parse(range).ok) return undefined;
  const constraint = VersionConstraint.parse(range);
  if (!constraint.ok) return undefined;
  const start = `${TAGS}${prefix}`;
  let best: { version: SemanticVersion; sha: string } | undefined;
  for (const [name, sha] of refs) {
    const version = name.startsWith(start) ? SemanticVersion.parse(name.slice(start.length)) : undefined;
    if (version?.ok !== true || !constraint.value.isMetBy(version.value)) continue;
    if (best === undefined || version.value.compare(best.version) > 0) best = { version: version.value, sha };
  }
  return best?.sha;
}
