import { compilePathMatch } from '../../../expansion/generators/path-match.js';

/**
 * Paths from the root of a repository that `argocd.argoproj.io/manifest-generate-paths` names for a source
 * (argocd-behaviour.md 7.4): parted by `;`, those with a leading slash from the root, the others from the source's path.
 * Undefined where everything counts. What leads out of the repository counts as its root.
 */
export function watchedPaths(annotation: string | undefined, sourcePath: string): readonly string[] | undefined {
  const items = (annotation ?? '').split(';').map((item) => item.trim());
  const named = items.filter((item) => item !== '');
  if (named.length === 0) return undefined;
  return named.map((item) => clean(item.startsWith('/') ? item : `${sourcePath}/${item}`));
}

/** Whether any of the files is one of these paths, lies under one, or fits one as a pattern. No file at all: it may. */
export function touchesPaths(paths: readonly string[], files: readonly string[]): boolean {
  if (files.length === 0) return true;
  const changed = files.map(clean);
  return paths.some((path) => {
    if (path === '') return true;
    const fits = compilePathMatch(path);
    return changed.some((file) => file === path || file.startsWith(`${path}/`) || fits?.(file) === true);
  });
}

/** Without `.`, `..`, double and outer slashes; above the root there is only the root. */
function clean(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return kept.join('/');
}
