import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf } from './fields.js';
import { degraded, healthy, progressing, type Health } from './verdict.js';

/** health.md, external-secrets.io: the first Ready condition that is True or False decides; any other status is passed over. */
export function externalSecretsHealth(object: KubernetesObject): Health {
  const ready = conditionsOf(object).find(
    ({ type, status }) => type === 'Ready' && (status === 'True' || status === 'False'),
  );
  if (!ready) return progressing(`Waiting for ${object.kind} to report Ready`);
  return ready.status === 'True' ? healthy(ready.message) : degraded(ready.message);
}
