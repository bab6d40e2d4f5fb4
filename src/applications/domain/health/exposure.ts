import type { KubernetesObject } from '../../../kernel/object.js';
import { listAt, textAt } from './fields.js';
import { healthy, progressing, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, Service: only a load balancer has something to wait for. */
export function serviceHealth(object: KubernetesObject): Health {
  return textAt(object, 'spec', 'type') === 'LoadBalancer' ? addressed(object) : healthy();
}

/** argocd-behaviour.md 4.11, Ingress. */
export function ingressHealth(object: KubernetesObject): Health {
  return addressed(object);
}

function addressed(object: KubernetesObject): Health {
  const addresses = listAt(object, 'status', 'loadBalancer', 'ingress');
  return addresses.length > 0 ? healthy() : progressing('Waiting for an address of the load balancer');
}
