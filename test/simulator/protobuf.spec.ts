import { describe, expect, it } from 'vitest';
import { typeOfKind } from '../../src/kubernetes/schema/built-in-schema.js';
import { decodeObject, PROTOBUF } from '../../src/simulator/protobuf/decode-object.js';
import { serveCluster } from '../support/virtual-fleet.js';

type Field = [number: number, value: number | string | Uint8Array];

/** A protobuf message, written by hand. */
function message(...fields: Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
      const bytes = Buffer.from(value as string);
      return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const envelope = (apiVersion: string, kind: string, raw: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('k8s\0', 'latin1'), message([1, message([1, apiVersion], [2, kind])], [2, raw])]);

function decoded(group: string, kind: string, raw: Uint8Array): Record<string, unknown> {
  const type = typeOfKind(group, kind);
  if (type === undefined) throw new Error(`no type ${kind}`);
  return decodeObject(envelope('v1', kind, raw), type);
}

describe('an object in protobuf', () => {
  it('is read by the numbers of its fields: texts, maps, lists, messages within', () => {
    const meta = message([1, 'a'], [3, ''], [11, message([1, 'app'], [2, 'web'])], [14, 'example.com/hold']);
    const volume = message([1, 'v'], [2, message([2, message([1, 'Memory'], [2, message([1, '1Gi'])])])]);
    const container = message([1, 'main'], [2, 'a:1'], [6, message([1, 'http'], [3, 80])]);
    const spec = message([1, volume], [2, container], [4, 0], [11, 0]);
    expect(decoded('', 'Pod', message([1, meta], [2, spec]))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', labels: { app: 'web' }, finalizers: ['example.com/hold'] },
      spec: {
        volumes: [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }],
        containers: [{ name: 'main', image: 'a:1', ports: [{ name: 'http', containerPort: 80 }] }],
        terminationGracePeriodSeconds: 0,
      },
    });
  });

  it('holds bytes, times, negative numbers and what is a number or a text', () => {
    expect(decoded('', 'Secret', message([2, message([1, 'x'], [2, 'hi'])]))).toMatchObject({ data: { x: 'aGk=' } });
    const created = message([1, message([8, message([1, 1_767_225_600])])]);
    expect(decoded('', 'ConfigMap', created)).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    });
    expect(decoded('scheduling.k8s.io', 'PriorityClass', message([2, -10]))).toMatchObject({ value: -10 });
    const port = (target: Uint8Array) => message([2, message([1, message([3, 80], [4, target])])]);
    expect(decoded('', 'Service', port(message([1, 0], [2, 8080])))).toMatchObject({
      spec: { ports: [{ targetPort: 8080 }] },
    });
    expect(decoded('', 'Service', port(message([1, 1], [3, 'http'])))).toMatchObject({
      spec: { ports: [{ targetPort: 'http' }] },
    });
  });

  it.each([
    ['nothing of it', Buffer.from('{}')],
    ['an end too soon', envelope('v1', 'ConfigMap', message([1, 'x'])).subarray(0, 12)],
    ['a length beyond the end', Buffer.from('k8s\0\x0a\xff\xff\xff\xff\x0f', 'latin1')],
    ['a number without end', Buffer.from(`k8s\0${'\xff'.repeat(20)}`, 'latin1')],
    ['a field of no known form', Buffer.from('k8s\0\x0b', 'latin1')],
    ['another kind', envelope('v1', 'Secret', message())],
  ])('is refused with %s', async (_what, bytes) => {
    const { api } = await serveCluster();
    const response = await fetch(`${api.url}/api/v1/namespaces/default/configmaps`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-1', 'content-type': PROTOBUF },
      body: new Uint8Array(bytes),
    });
    expect(response.status).toBe(400);
  });

  it('cannot be a custom resource, whose fields have no numbers', async () => {
    const { api } = await serveCluster();
    const path = '/apis/external-secrets.io/v1/clustersecretstores';
    const { code } = await api.send('POST', path, 'k8s\0', { 'content-type': PROTOBUF });
    expect(code).toBe(415);
  });
});

describe('questions about rights', () => {
  it('are answered and not stored', async () => {
    const { api, cluster } = await serveCluster();
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const before = cluster.store.version;
    const spec = { resourceAttributes: { verb: 'get', resource: 'pods' } };
    expect(await api.post(path, { spec })).toMatchObject({ code: 201, body: { spec, status: { allowed: true } } });
    expect([cluster.store.version, (await api.get(path)).code]).toEqual([before, 405]);
  });
});
