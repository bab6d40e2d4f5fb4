import { compileGlob, type GlobMatcher } from '../../../kernel/glob.js';
import { parseGlob } from '../../../kernel/glob-syntax.js';

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * Which files a value file's glob names: `*` stays in one segment; `**` that is a segment of its own crosses them and
 * may stand for none (argocd-behaviour.md 4.1). Undefined where the pattern is malformed.
 */
export function compileValueGlob(pattern: string): GlobMatcher | undefined {
  const stars = pattern.replace(/\*{2,}/g, (run, at: number) => (isSegment(pattern, run, at) ? '**' : '*'));
  const nodes = parseGlob(stars.replaceAll('**/', '{,**/}').replaceAll('[^', '[!'), { segments: true });
  return nodes && compileGlob(nodes);
}

function isSegment(pattern: string, run: string, at: number): boolean {
  const [before, after] = [pattern.charAt(at - 1), pattern.charAt(at + run.length)];
  return run.length === 2 && '/{,'.includes(before) && '/},'.includes(after);
}
