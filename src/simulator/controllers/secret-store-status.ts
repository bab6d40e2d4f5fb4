import { list, record } from '../fill-in.js';
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

/** Ready when its store is; no Secret is made, since no value exists. */
const externalSecret: StatusRule = {
  manager: MANAGER,
  after: ['external-secrets.io/ClusterSecretStore', 'external-secrets.io/SecretStore'],
  settled: (object, context) => {
    const ready = isStoreReady(object, context);
    const verdict = ready
      ? isTrue('Ready', 'SecretSynced', 'secret synced')
      : isFalse('Ready', 'SecretSyncedError', 'error processing spec.data: the store is not ready');
    const { refreshTime = context.at } = record(object.status);
    const conditions = withConditions(object, context.at, [verdict]);
    return ready ? { refreshTime, conditions } : { conditions };
  },
};

function isStoreReady({ spec, metadata }: KubernetesObject, { peer }: StatusContext): boolean {
  const { kind = 'SecretStore', name } = record(record(spec).secretStoreRef);
  const namespace = kind === 'ClusterSecretStore' ? '' : (metadata.namespace ?? '');
  const found = peer({ group: GROUP, kind: String(kind), namespace, name: String(name) });
  const conditions = list(record(found?.status).conditions).map(record);
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

export const SECRET_STORE_RULES: Readonly<Record<string, StatusRule>> = {
  'external-secrets.io/ClusterSecretStore': store,
  'external-secrets.io/SecretStore': store,
  'external-secrets.io/ExternalSecret': externalSecret,
};
