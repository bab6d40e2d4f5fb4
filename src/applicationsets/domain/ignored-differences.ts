import { fieldRemoval, type FieldRemoval, type IgnoreFault } from '../../applications/domain/ignore/ignored-fields.js';
import { normaliseSpec } from '../../applications/domain/normalise-spec.js';
import { isObject, jsonEqual, own, setOwn } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ApplicationSetSpec } from './application-set.js';

/** What of a live Application stays as it is, whatever its set generates. */
export class IgnoredDifferences {
  static readonly NONE = new IgnoredDifferences([]);

  private constructor(private readonly entries: readonly { name: string; remove: FieldRemoval }[]) {}

  /** Fails where an expression is no path expression that is known here. */
  static of(entries: ApplicationSetSpec['ignoreApplicationDifferences']): Result<IgnoredDifferences, IgnoreFault> {
    const compiled: { name: string; remove: FieldRemoval }[] = [];
    for (const [index, { name, ...fields }] of (entries ?? []).entries()) {
      const removal = fieldRemoval(fields);
      if (!removal.ok) {
        return fail({ ...removal.error, path: `spec.ignoreApplicationDifferences[${index}].${removal.error.path}` });
      }
      compiled.push({ name: name ?? '', remove: removal.value });
    }
    return ok(new IgnoredDifferences(compiled));
  }

  /**
   * `desired` with the ignored values of `live`. As Argo CD's merge patch has it (argocd-behaviour.md 3.4): only what
   * differs beside them is changed, and a list with any other difference is replaced whole.
   */
  carriedOver<T extends KubernetesObject>(desired: T, live: KubernetesObject | undefined): T {
    const removals = this.entries.filter(({ name }) => name === '' || name === desired.metadata.name);
    if (live === undefined || removals.length === 0) return desired;
    const strip = (document: unknown): unknown => removals.reduce((left, { remove }) => remove(left), document);
    const stored = comparable(live);
    const merged = merge(stored, strip(stored), strip(comparable(desired))) as Partial<Comparable>;
    const { labels = {}, annotations = {}, finalizers = [] } = merged.metadata ?? {};
    const metadata = { ...desired.metadata, labels, annotations, finalizers };
    return { ...desired, metadata, spec: merged.spec ?? {} };
  }
}

interface Comparable {
  apiVersion: string;
  kind: string;
  metadata: Pick<KubernetesObject['metadata'], 'name' | 'labels' | 'annotations' | 'finalizers'>;
  spec: unknown;
}

function comparable({ apiVersion, kind, metadata, spec }: KubernetesObject): Comparable {
  const { name, labels = {}, annotations = {}, finalizers = [] } = metadata;
  const normalised = normaliseSpec(spec as Record<string, unknown>);
  return { apiVersion, kind, metadata: { name, labels, annotations, finalizers }, spec: normalised };
}

/** What leads from one document to the other, done to a third that has more. */
function merge(live: unknown, from: unknown, to: unknown): unknown {
  if (jsonEqual(from, to)) return live;
  if (!isObject(to)) return to;
  const base = isObject(live) ? live : {};
  const before = isObject(from) ? from : {};
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(to)])) {
    const value = merge(own(base, key), own(before, key), own(to, key));
    if (value !== undefined) setOwn(merged, key, value);
  }
  return merged;
}
