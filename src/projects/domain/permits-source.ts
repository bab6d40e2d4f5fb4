import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import { normaliseRepoUrl } from '../../repositories/domain/normalise-url.js';
import type { AppProjectSpec } from './app-project.js';
import { compiledRules } from './compiled-rules.js';
import { negatableGlob, type NegatableGlob } from './negatable-glob.js';

/**
 * May the project use this repository? A deny entry that hits wins whatever the order; one that does not hit counts as an
 * allow, so lone denies permit everything else (argocd-behaviour.md 5.2).
 */
export function permitsSource(spec: AppProjectSpec, repoURL: string): Verdict {
  const rules = sourceRules(spec);
  const url = normaliseRepoUrl(repoURL);
  const denied = rules.find(({ glob }) => glob.denies && !glob.matches(url));
  if (denied) return deny(`sourceRepos entry "${denied.text}" denies repository "${repoURL}"`);
  const allowed = rules.find(({ glob }) => glob.matches(url));
  return allowed
    ? allow(`sourceRepos entry "${allowed.text}" permits repository "${repoURL}"`)
    : deny(`no sourceRepos entry permits repository "${repoURL}"`);
}

const sourceRules = compiledRules((spec) => (spec.sourceRepos ?? []).map((text) => ({ text, glob: sourceGlob(text) })));

function sourceGlob(text: string): NegatableGlob {
  const pattern = text.startsWith('!') ? `!${normaliseRepoUrl(text.slice(1))}` : normaliseRepoUrl(text);
  return negatableGlob(pattern, { segments: true });
}
