import type { KubernetesObject, ObjectMeta } from '../kernel/object.js';
import { digestJson } from '../kernel/digest.js';
import { jsonEqual } from '../kernel/json.js';
import { eachItem, fillIn, list, record, type Fields } from './fill-in.js';

/** A Service's spec as the API server reads it. */
export function withServiceDefaults(spec: Fields): Fields {
  const typed = fillIn(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  const isExposed = typed.type === 'NodePort' || typed.type === 'LoadBalancer';
  const ports = eachItem(spec.ports, (port) => {
    return fillIn(port, { protocol: 'TCP', targetPort: port.port });
  });
  const affinity = {
    clientIP: fillIn(record(record(spec.sessionAffinityConfig).clientIP), { timeoutSeconds: 10_800 }),
  };
  return fillIn(
    { ...typed, ...(ports === undefined ? {} : { ports }) },
    {
      ...(typed.sessionAffinity === 'ClientIP' ? { sessionAffinityConfig: affinity } : {}),
      ...(typed.type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
      ...(isExposed ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(typed.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
    },
  );
}

/** With the addresses and ports it was given; once given they stay, until the type needs them no more. */
export function withAddresses(meta: ObjectMeta, spec: Fields, live: KubernetesObject | undefined): Fields {
  if (spec.type === 'ExternalName') return spec;
  const before = record(live?.spec);
  const isExposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const clusterIP = spec.clusterIP || before.clusterIP || addressOf(meta, 'service');
  const ports = eachItem(spec.ports, (port) => (isExposed ? withNodePort(meta, port) : port));
  const filled = fillIn(
    { ...spec, ...(ports === undefined ? {} : { ports }), clusterIP },
    {
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
  );
  return withoutLeftOvers(filled, before);
}

/** Fields of the former type that this one does not take go, unless this write set them anew. */
function withoutLeftOvers(spec: Fields, before: Fields): Fields {
  const { type } = spec;
  const kept = { ...spec };
  const drop = (name: string): void => {
    if (jsonEqual(kept[name], before[name])) delete kept[name];
  };
  if (before.type === undefined || before.type === type) return kept;
  if (type !== 'LoadBalancer') drop('allocateLoadBalancerNodePorts');
  if (type === 'ClusterIP') drop('externalTrafficPolicy');
  if (type !== 'ClusterIP') return kept;
  const earlier = list(before.ports).map((port) => record(port).nodePort);
  const ports = eachItem(kept.ports, ({ nodePort, ...port }) =>
    nodePort === undefined || earlier.includes(nodePort) ? port : { ...port, nodePort },
  );
  return { ...kept, ...(ports === undefined ? {} : { ports }) };
}

function withNodePort(meta: ObjectMeta, port: Fields): Fields {
  const number = numberOf(meta, `nodePort ${String(port.port)} ${String(port.protocol)}`);
  return port.nodePort ? port : { ...port, nodePort: 30_000 + (number % 2_768) };
}

/** An address that only the object's name decides, so that runs repeat. */
export function addressOf({ namespace = '', name }: ObjectMeta, purpose: 'service' | 'balancer' | 'pod'): string {
  const number = numberOf({ namespace, name }, purpose);
  const first = { service: '10.96', balancer: '203.0', pod: '10.244' }[purpose];
  return `${first}.${(number >> 8) & 255}.${1 + ((number & 255) % 254)}`;
}

function numberOf({ namespace = '', name }: ObjectMeta, purpose: string): number {
  return Number.parseInt(digestJson([purpose, namespace, name]).slice(-6), 16);
}
