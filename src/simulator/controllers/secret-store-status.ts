import { digestJson } from '../../kernel/digest.js';
import { list, record, type Fields } from '../fill-in.js';
import { isFalse, isTrue, withConditions, type StatusContext, type StatusRule } from './status-rule.js';
import type { KubernetesObject } from '../../kernel/object.js';

const GROUP = 'external-secrets.io';
const MANAGER = 'external-secrets';

/** Every store with exactly one provider validates; no provider is ever called. */
const store: StatusRule = {
  manager: MANAGER,
  settled: (object, { at, hasProvider }) => {
    if (!hasProvider(object.metadata.name)) {
      const failed = isFalse('Ready', 'ValidationFailed', 'unable to validate store');
      return { conditions: withConditions(object, at, [failed]) };
    }
    const providers = Object.keys(record(record(object.spec).provider));
    const verdict =
      providers.length === 1
        ? isTrue('Ready', 'Valid', 'store validated')
        : isFalse('Ready', 'InvalidStoreConfiguration', 'exactly one provider must be set');
    return { capabilities: 'ReadWrite', conditions: withConditions(object, at, [verdict]) };
  },
};

const STORES = ['external-secrets.io/ClusterSecretStore', 'external-secrets.io/SecretStore'];

/** Ready when its store is; no Secret is made, since no value exists. */
const externalSecret: StatusRule = {
  manager: MANAGER,
  after: STORES,
  dueAgain,
  settled: (object, context) => {
    const ready = isStoreReady(object, context);
    const verdict = ready
      ? isTrue('Ready', 'SecretSynced', 'secret synced')
      : isFalse('Ready', 'SecretSyncedError', 'error processing spec.data: the store is not ready');
    const conditions = withConditions(object, context.at, [verdict]);
    const { refreshTime, syncedResourceVersion } = record(object.status);
    if (!ready) return { ...(refreshTime === undefined ? {} : { refreshTime, syncedResourceVersion }), conditions };
    const version = syncedVersionOf(object);
    const due = dueAgain(object);
    const isKnown =
      syncedResourceVersion === version &&
      refreshTime !== undefined &&
      !(due !== undefined && due <= Date.parse(context.at));
    return {
      refreshTime: isKnown ? refreshTime : context.at,
      syncedResourceVersion: version,
      binding: { name: String(record(record(object.spec).target).name ?? object.metadata.name) },
      conditions,
    };
  },
};

/** An hour after the last reading unless the object says otherwise; never where it says 0. */
function dueAgain({ spec, status }: KubernetesObject): number | undefined {
  const { refreshInterval = '1h' } = record(spec);
  const { refreshTime } = record(status);
  const interval = milliseconds(String(refreshInterval));
  return interval === 0 || typeof refreshTime !== 'string' ? undefined : Date.parse(refreshTime) + interval;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Of a duration such as `1h30m`; 0 for anything else. */
function milliseconds(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}

/** Of the generation that was last read from the provider, as the operator marks it. */
function syncedVersionOf({ metadata, spec }: KubernetesObject): string {
  return `${metadata.generation ?? 1}-${digestJson([metadata.labels, metadata.annotations, spec]).slice(-28)}`;
}

/** Pushed when every store it names is ready. */
const pushSecret: StatusRule = {
  manager: MANAGER,
  after: STORES,
  settled: (object, context) => {
    const references = list(record(object.spec).secretStoreRefs).map(record);
    const ready = references.length > 0 && references.every((reference) => isReady(reference, object, context));
    const verdict = ready
      ? isTrue('Ready', 'Synced', 'PushSecret synced successfully')
      : isFalse('Ready', 'Errored', 'set secret failed: could not get secret store');
    const { refreshTime = context.at } = record(object.status);
    return { ...(ready ? { refreshTime } : {}), conditions: withConditions(object, context.at, [verdict]) };
  },
};

/** Accepted and Ready; the ExternalSecrets it stands for are not made. */
const clusterExternalSecret: StatusRule = {
  manager: MANAGER,
  settled: (object, { at }) => {
    const name = String(record(object.spec).externalSecretName ?? object.metadata.name);
    return { externalSecretName: name, conditions: withConditions(object, at, [isTrue('Ready', '')]) };
  },
};

function isStoreReady(object: KubernetesObject, context: StatusContext): boolean {
  return isReady(record(record(object.spec).secretStoreRef), object, context);
}

function isReady(reference: Fields, { metadata }: KubernetesObject, { peer }: StatusContext): boolean {
  const { kind = 'SecretStore', name } = reference;
  const namespace = kind === 'ClusterSecretStore' ? '' : (metadata.namespace ?? '');
  const found = peer({ group: GROUP, kind: String(kind), namespace, name: String(name) });
  const conditions = list(record(found?.status).conditions).map(record);
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

export const SECRET_STORE_RULES: Readonly<Record<string, StatusRule>> = {
  'external-secrets.io/ClusterSecretStore': store,
  'external-secrets.io/SecretStore': store,
  'external-secrets.io/ExternalSecret': externalSecret,
  'external-secrets.io/PushSecret': pushSecret,
  'external-secrets.io/ClusterExternalSecret': clusterExternalSecret,
};
