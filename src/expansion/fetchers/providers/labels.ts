import type { PullRequest } from '../../remote-reader.js';

/** A pull request must bear every label asked for; with none asked for all do. */
export function hasAllLabels(wanted: readonly string[]): (pullRequest: PullRequest) => boolean {
  return ({ labels }) => wanted.every((label) => labels.includes(label));
}
