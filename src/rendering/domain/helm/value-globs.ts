import { compileGlob, type GlobMatcher } from '../../../kernel/glob.js';
import { parseGlob } from '../../../kernel/glob-syntax.js';

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * Which files a value file's glob names: `*` stays in one segment, `**` crosses them and may stand for none
 * (argocd-behaviour.md 4.1). Undefined where the pattern is malformed.
 */
export function compileValueGlob(pattern: string): GlobMatcher | undefined {
  const nodes = parseGlob(pattern.replaceAll('**/', '{,**/}').replaceAll('[^', '[!'), { segments: true });
  return nodes && compileGlob(nodes);
}
