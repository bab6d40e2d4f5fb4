import type { DeliverySettings } from '../../dispatch/protocol/delivery.js';
import type { HubObject } from '../../database/objects/hub-object.js';
import { controllerOf } from '../../kernel/object.js';
import type { ApplicationSpec } from './application.js';

const CONTROL_NAMESPACE = 'argocd';

/** First part of tracking ids: the bare name in the control namespace (argocd-behaviour.md 4.8). */
export function instanceOf({ namespace, name }: { namespace: string; name: string }): string {
  return namespace === CONTROL_NAMESPACE ? name : `${namespace}_${name}`;
}

/** `automated: {}` turns automation on (argocd-behaviour.md 4.1). */
export function isAutomated({ syncPolicy }: ApplicationSpec): boolean {
  const automated = syncPolicy?.automated;
  return automated !== undefined && automated !== null && automated.enabled !== false;
}

/** Whether a rollout may wait for it: rolling sets turn the automation of what they generate off. */
export function mayBeRolledOut({ metadata, spec }: HubObject<ApplicationSpec>): boolean {
  return controllerOf(metadata)?.kind === 'ApplicationSet' && !isAutomated(spec);
}

/** What the agent must know of an Application beside its bundle. */
export function deliverySettings(application: HubObject<ApplicationSpec>, server: string): DeliverySettings {
  const { metadata, spec, kind } = application;
  const automated = isAutomated(spec);
  const { prune, selfHeal } = spec.syncPolicy?.automated ?? {};
  return {
    application: metadata.name,
    applicationNamespace: metadata.namespace,
    ownerKind: kind,
    project: spec.project === '' ? 'default' : spec.project,
    instance: instanceOf(metadata),
    destinationNamespace: spec.destination.namespace ?? '',
    destinationServer: server,
    automated,
    prune: automated && prune === true,
    selfHeal: automated && selfHeal === true,
    syncOptions: spec.syncPolicy?.syncOptions ?? [],
  };
}
