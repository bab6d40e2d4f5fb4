import type { KubernetesObject } from '../../kernel/object.js';
import { badRequest } from '../admission.js';
import { list, record } from '../fill-in.js';
import { startedContainers, type LogLine } from '../pod-logs.js';
import { readObject, type Exchange } from './read-handler.js';
import type { ResourcePath } from './request-target.js';

/** GET of a pod's `log`: what a container printed, and with `follow` what it will. */
export function serveLog({ cluster, request, response }: Exchange, at: ResourcePath): void {
  const { query } = request;
  const pod = readObject(cluster, at);
  const container = containerOf(pod, query.get('container') ?? '');
  const printed = select(cluster.logs.read(pod, container), query, cluster.clock.now());
  const withTimes = query.get('timestamps') === 'true';
  const text = (line: LogLine): string => `${withTimes ? `${line.at} ` : ''}${line.text}\n`;
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.write(printed.map(text).join(''));
  const hasEnded = ['Succeeded', 'Failed'].includes(String(record(pod.status).phase));
  if (query.get('follow') !== 'true' || hasEnded) return void response.end();
  const end = cluster.logs.follow(pod, container, (line) => {
    if (line === undefined) response.end();
    else response.write(text(line));
  });
  response.on('close', end);
}

/** The container that was asked for, or the only one. Throws as a kubelet answers when there is no such choice. */
function containerOf(pod: KubernetesObject, wanted: string): string {
  const { name } = pod.metadata;
  const names = list(record(pod.spec).containers).map((container) => String(record(container).name));
  if (wanted === '' && names.length > 1) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  }
  const container = wanted || (names[0] ?? '');
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  if (startedContainers(pod).includes(container)) return container;
  const why = waitingReason(pod, container);
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${why}`);
}

function waitingReason({ status }: KubernetesObject, container: string): string {
  const found = list(record(status).containerStatuses)
    .map(record)
    .find(({ name }) => name === container);
  const { reason } = record(record(found?.state).waiting);
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : String(reason ?? 'ContainerCreating');
}

function select(lines: readonly LogLine[], query: URLSearchParams, now: Date): readonly LogLine[] {
  const since = sinceOf(query, now);
  const recent = since === undefined ? lines : lines.filter(({ at }) => Date.parse(at) >= since);
  const tail = numberOf(query, 'tailLines');
  return tail === undefined ? recent : recent.slice(recent.length - Math.min(tail, recent.length));
}

function sinceOf(query: URLSearchParams, now: Date): number | undefined {
  const seconds = numberOf(query, 'sinceSeconds');
  if (seconds !== undefined) return now.getTime() - seconds * 1_000;
  const time = query.get('sinceTime');
  return time === null ? undefined : Date.parse(time);
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name}: Invalid value: "${text}"`);
  return Number(text);
}
