import type { KubernetesObject, ObjectMeta } from '../kernel/object.js';
import { digestJson } from '../kernel/digest.js';
import { eachItem, fillIn, record, type Fields } from './fill-in.js';

/** A Service's spec as the API server completes it; addresses once given stay. */
export function withServiceDefaults(meta: ObjectMeta, spec: Fields, live: KubernetesObject | undefined): Fields {
  const before = record(live?.spec);
  const type = spec.type ?? 'ClusterIP';
  const base = fillIn(spec, { type, sessionAffinity: 'None' });
  if (type === 'ExternalName') return base;
  const clusterIP = spec.clusterIP ?? before.clusterIP ?? addressOf(meta, 'service');
  const exposed = type === 'NodePort' || type === 'LoadBalancer';
  const ports = eachItem(spec.ports, (port) => withPortDefaults(meta, port, exposed));
  return fillIn(ports === undefined ? base : { ...base, ports }, {
    clusterIP,
    clusterIPs: [clusterIP],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
    ...(exposed ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
  });
}

function withPortDefaults(meta: ObjectMeta, port: Fields, exposed: boolean): Fields {
  const filled = fillIn(port, { protocol: 'TCP', targetPort: port.port });
  if (!exposed) return filled;
  const nodePort = 30_000 + (numberOf(meta, `nodePort ${String(port.port)} ${String(filled.protocol)}`) % 2_768);
  return fillIn(filled, { nodePort });
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
