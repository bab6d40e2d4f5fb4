import type { DeliverySettings } from '../../dispatch/protocol/delivery.js';
import type { HubObject } from '../../database/objects/hub-object.js';
import type { ApplicationSpec } from './application.js';

const CONTROL_NAMESPACE = 'argocd';

/** First part of tracking ids: the bare name in the control namespace (argocd-behaviour.md 4.8). */
export function instanceOf({ namespace, name }: { namespace: string; name: string }): string {
  return namespace === CONTROL_NAMESPACE ? name : `${namespace}_${name}`;
}

/** What the agent must know of an Application beside its bundle. `automated: {}` turns automation on (4.1). */
export function deliverySettings(application: HubObject<ApplicationSpec>, server: string): DeliverySettings {
  const { metadata, spec, kind } = application;
  const automated = spec.syncPolicy?.automated;
  const isAutomated = automated !== undefined && automated !== null && automated.enabled !== false;
  return {
    application: metadata.name,
    applicationNamespace: metadata.namespace,
    ownerKind: kind,
    project: spec.project === '' ? 'default' : spec.project,
    instance: instanceOf(metadata),
    destinationNamespace: spec.destination.namespace ?? '',
    destinationServer: server,
    automated: isAutomated,
    prune: isAutomated && automated?.prune === true,
    selfHeal: isAutomated && automated?.selfHeal === true,
    syncOptions: spec.syncPolicy?.syncOptions ?? [],
  };
}
