import type { GeneratedApplication } from '../../expansion/expansion.js';
import type { ReadCommit } from '../../expansion/fetchers/fleet-expansion-reader.js';
import type { ExpansionObserver, RenderedFrom } from '../../expansion/observer.js';
import { canonicalJson, own } from '../../kernel/json.js';

export interface TracedApplication {
  application: GeneratedApplication;
  from: RenderedFrom;
}

/** What was seen of one planning of a set: which Application came from what, and which selectors were asked. */
export class SetTrace implements ExpansionObserver {
  readonly applications: TracedApplication[] = [];
  commits: readonly ReadCommit[] = [];
  private readonly selectors = new Map<string, Map<string, unknown>>();

  generates({ key, path, spec }: Parameters<ExpansionObserver['generates']>[0]): void {
    if (key !== 'clusters') return;
    const selector = own(spec, 'selector') ?? {};
    const known = this.selectors.get(path) ?? new Map<string, unknown>();
    this.selectors.set(path, known.set(canonicalJson(selector), selector));
  }

  rendered(document: unknown, from: RenderedFrom): void {
    this.applications.push({ application: document as GeneratedApplication, from });
  }

  /** The distinct selectors that the `clusters` generator at a path ran with; several inside a matrix. */
  selectorsAt(path: string): unknown[] {
    return [...(this.selectors.get(path)?.values() ?? [])];
  }
}
