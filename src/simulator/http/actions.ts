import { rfc3339 } from '../../kernel/clock.js';
import { FleetError } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { typeNamed } from '../../kubernetes/schema/built-in-schema.js';
import { record, type Fields } from '../fill-in.js';
import type { SchemaType } from '../../kubernetes/schema/field-shape.js';
import { readObject, type Exchange } from './read-handler.js';
import type { ResourcePath } from './request-target.js';
import { success } from './status-body.js';

/** What is done to an object by a POST on one of its subresources. */
interface Action {
  kind: string;
  /** Of the body. */
  type: SchemaType;
  carryOut(exchange: Exchange, at: ResourcePath, body: Fields): object;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  eviction: { kind: 'Pod', type: typeNamed('Eviction'), carryOut: evict },
  binding: { kind: 'Pod', type: typeNamed('Binding'), carryOut: bind },
  token: { kind: 'ServiceAccount', type: typeNamed('V1TokenRequest'), carryOut: issueToken },
};

/** Names of the actions on a kind's objects. */
export function actionsOf({ group, kind }: { group: string; kind: string }): string[] {
  return group === '' ? Object.keys(ACTIONS).filter((name) => ACTIONS[name]?.kind === kind) : [];
}

export function isAction({ kind, subresource }: ResourcePath): boolean {
  return actionsOf(kind).includes(subresource);
}

/** Carries an action out; answers the body of the response. */
export async function act(exchange: Exchange, at: ResourcePath): Promise<object> {
  const { request } = exchange;
  const action = ACTIONS[at.subresource];
  if (action === undefined || request.method !== 'POST') {
    const message = 'the server does not allow this method on the requested resource';
    throw new FleetError('malformed', 'METHOD_NOT_ALLOWED', message);
  }
  return action.carryOut(exchange, at, record(await request.body(action.type)));
}

/** `kubectl drain`: the pod is deleted in its own time. Budgets of disruption are not asked. */
function evict({ cluster }: Exchange, at: ResourcePath, body: Fields): object {
  const { gracePeriodSeconds } = record(body.deleteOptions);
  const grace = typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {};
  cluster.counted(() => cluster.deleter.delete(at, grace));
  return success({});
}

function bind({ cluster, request }: Exchange, at: ResourcePath, body: Fields): object {
  const nodeName = record(body.target).name;
  const change = (pod: KubernetesObject): KubernetesObject => ({ ...pod, spec: { ...record(pod.spec), nodeName } });
  cluster.counted(() => cluster.writer.modify(at, change, { manager: request.fieldManager }));
  return success({});
}

/** A token that nobody else takes: the API of a virtual cluster has one only. */
function issueToken({ cluster }: Exchange, at: ResourcePath, body: Fields): object {
  const { metadata } = readObject(cluster, at);
  const spec = record(body.spec);
  const seconds = Number(spec.expirationSeconds ?? 3_600);
  const expirationTimestamp = rfc3339(new Date(cluster.clock.now().getTime() + seconds * 1_000));
  const token = Buffer.from(JSON.stringify({ sub: metadata.uid, exp: expirationTimestamp })).toString('base64url');
  return { ...body, spec: { ...spec, expirationSeconds: seconds }, status: { token, expirationTimestamp } };
}
