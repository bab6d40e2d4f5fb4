import { rfc3339, type Clock } from '../kernel/clock.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { Change } from './cluster-store.js';
import { list, record } from './fill-in.js';

export interface LogLine {
  /** RFC 3339. */
  at: string;
  text: string;
}

/** Lines a container keeps; older ones are forgotten, as nodes rotate logs. */
const KEPT = 1_000;

/** What containers of virtual pods have printed: a line when they start, and what a scene or a test adds. */
export class PodLogs {
  private readonly lines = new Map<string, LogLine[]>();
  private readonly readers = new Map<string, Set<(line: LogLine | undefined) => void>>();

  constructor(private readonly clock: Clock) {}

  onChange({ type, kind, object }: Change): void {
    if (kind.group !== '' || kind.kind !== 'Pod') return;
    if (type === 'DELETED') this.forget(object);
    else for (const container of startedContainers(object)) this.start(object, container);
  }

  /** Prints a line as the container. */
  print(pod: KubernetesObject, container: string, text: string): void {
    const key = keyOf(pod, container);
    const line = { at: rfc3339(this.clock.now()), text };
    this.lines.set(key, [...(this.lines.get(key) ?? []), line].slice(-KEPT));
    for (const tell of this.readers.get(key) ?? []) tell(line);
  }

  read(pod: KubernetesObject, container: string): readonly LogLine[] {
    return this.lines.get(keyOf(pod, container)) ?? [];
  }

  /** Tells every later line, then undefined when the pod is gone. The answer ends it. */
  follow(pod: KubernetesObject, container: string, tell: (line: LogLine | undefined) => void): () => void {
    const key = keyOf(pod, container);
    const readers = this.readers.get(key) ?? new Set();
    this.readers.set(key, readers.add(tell));
    return () => void readers.delete(tell);
  }

  private start(pod: KubernetesObject, container: string): void {
    if (this.lines.has(keyOf(pod, container))) return;
    this.print(pod, container, `${container} of ${pod.metadata.name} started`);
  }

  private forget(pod: KubernetesObject): void {
    for (const container of list(record(pod.spec).containers)) {
      const key = keyOf(pod, String(record(container).name));
      for (const tell of this.readers.get(key) ?? []) tell(undefined);
      this.lines.delete(key);
      this.readers.delete(key);
    }
  }
}

/** Names of the containers that run or have run. */
export function startedContainers({ status }: KubernetesObject): string[] {
  const statuses = list(record(status).containerStatuses).map(record);
  return statuses.filter(({ state }) => record(state).waiting === undefined).map(({ name }) => String(name));
}

function keyOf({ metadata }: KubernetesObject, container: string): string {
  return `${metadata.uid}/${container}`;
}
