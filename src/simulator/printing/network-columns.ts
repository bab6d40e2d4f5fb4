import type { KubernetesObject } from '../../kernel/object.js';
import { list, record } from '../fill-in.js';
import { AGE, labelsText, orNone, selectorText, specOf, statusOf, text, wide, type Column } from './column.js';

function portsText(object: KubernetesObject): string {
  const ports = list(specOf(object).ports).map(record);
  const words = ports.map(({ port, nodePort, protocol }) => {
    return `${String(port)}${nodePort ? `:${String(nodePort)}` : ''}/${String(protocol ?? 'TCP')}`;
  });
  return words.join(',') || '<none>';
}

function balancerText(object: KubernetesObject): string {
  const ingress = list(record(statusOf(object).loadBalancer).ingress).map(record);
  return ingress.map(({ ip, hostname }) => String(ip ?? hostname ?? '')).join(',');
}

function externalAddress(object: KubernetesObject): string {
  const { type, externalIPs, externalName } = specOf(object);
  if (type === 'ExternalName') return orNone(externalName);
  const given = list(externalIPs).join(',');
  if (type !== 'LoadBalancer') return given || '<none>';
  return [balancerText(object), given].filter((word) => word !== '').join(',') || '<pending>';
}

function hostsText(object: KubernetesObject): string {
  const hosts = list(specOf(object).rules).flatMap((rule) => {
    const { host } = record(rule);
    return host === undefined || host === '' ? [] : [String(host)];
  });
  return hosts.join(',') || '*';
}

function endpointsText({ subsets }: KubernetesObject): string {
  const pairs = list(subsets)
    .map(record)
    .flatMap(({ addresses, ports }) =>
      list(addresses).flatMap((address) => {
        const { ip } = record(address);
        const numbers = list(ports).map((port) => `${String(ip)}:${String(record(port).port)}`);
        return numbers.length === 0 ? [String(ip)] : numbers;
      }),
    );
  const more = pairs.length > 3 ? ` + ${pairs.length - 3} more...` : '';
  return pairs.length === 0 ? '<none>' : pairs.slice(0, 3).join(',') + more;
}

/** Columns of what connects workloads, after the name. */
export const NETWORK_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  services: [
    text('Type', (object) => orNone(specOf(object).type)),
    text('Cluster-IP', (object) => orNone(specOf(object).clusterIP)),
    text('External-IP', externalAddress),
    text('Port(s)', portsText),
    AGE,
    wide(text('Selector', (object) => labelsText(specOf(object).selector))),
  ],
  endpoints: [text('Endpoints', endpointsText), AGE],
  'ingresses.networking.k8s.io': [
    text('Class', (object) => orNone(specOf(object).ingressClassName)),
    text('Hosts', hostsText),
    text('Address', balancerText),
    text('Ports', (object) => (list(specOf(object).tls).length > 0 ? '80, 443' : '80')),
    AGE,
  ],
  'ingressclasses.networking.k8s.io': [
    text('Controller', (object) => orNone(specOf(object).controller)),
    text('Parameters', (object) => {
      const { apiGroup, kind, name } = record(specOf(object).parameters);
      return kind === undefined ? '<none>' : `${String(kind)}${apiGroup ? `.${String(apiGroup)}` : ''}/${String(name)}`;
    }),
    AGE,
  ],
  'networkpolicies.networking.k8s.io': [
    text('Pod-Selector', (object) => selectorText(specOf(object).podSelector)),
    AGE,
  ],
};
