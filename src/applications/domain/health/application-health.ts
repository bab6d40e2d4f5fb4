import { healthy, isWorse, type Health } from './verdict.js';

/** One desired object of an Application. `live` is false where the cluster does not have it. */
export interface ObjectHealth {
  live: boolean;
  /** Null for a kind without a check. */
  health: Health | null;
  /** Annotation `argocd.argoproj.io/ignore-healthcheck: "true"`. */
  ignored: boolean;
}

/**
 * The worst of its objects. A missing object does not worsen it, unless none is live: then the whole is Missing.
 * Nothing at all is Healthy (argocd-behaviour.md 4.10).
 */
export function applicationHealth(objects: readonly ObjectHealth[]): Health {
  const counted = objects.filter((object) => !object.ignored);
  if (counted.length > 0 && counted.every((object) => !object.live)) {
    return { status: 'Missing', message: 'none of its objects exists in the cluster' };
  }
  return counted.reduce<Health>(
    (worst, { health }) => (health && isWorse(health.status, worst.status) ? health : worst),
    healthy(),
  );
}
