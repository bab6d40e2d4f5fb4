import type { KubernetesObject } from '../kernel/object.js';
import { matchesSelector, type LabelExpression } from '../kernel/label-selector.js';
import { matchesFields, type FieldTerm } from './field-selector.js';
import { apiVersionOf, type KindDefinition } from './kind.js';
import { inVersionOf, type Change, type ClusterStore } from './cluster-store.js';
import type { Timers } from './timers.js';

/** Which objects of a kind a reader asked for. */
export interface Scope {
  kind: KindDefinition;
  /** '' for every namespace. */
  namespace: string;
  /** Only the object of this name, when given. */
  name?: string;
  labels: LabelExpression[];
  fields: FieldTerm[];
}

export interface WatchRequest {
  scope: Scope;
  /** Undefined or 0: the present state first, as ADDED events. */
  since: number | undefined;
  /** Whether the present state is to be closed by a bookmark that says so (`sendInitialEvents`, KEP-3157). */
  marksInitialEnd: boolean;
  bookmarks: boolean;
  timeoutSeconds: number;
  /** How objects are told, when not as they are. */
  view?: (object: KubernetesObject) => object;
}

/** Where a watch's lines go. `write` answers false when the reader has fallen too far behind. */
export interface WatchSink {
  write(line: string): boolean;
  end(): void;
}

const BOOKMARK_EVERY_MS = 60_000;

/** Feeds watches from the store; one change is serialised once, however many watches see it. */
export class WatchHub {
  private readonly watchers = new Set<Watcher>();

  constructor(
    private readonly store: ClusterStore,
    private readonly timers: Timers,
  ) {
    store.subscribe((change) => this.deliver(change));
  }

  get size(): number {
    return this.watchers.size;
  }

  /** Starts a watch; throws EXPIRED when `since` is older than the kept changes. The answer ends it. */
  open(request: WatchRequest, sink: WatchSink): () => void {
    const { scope, since, view } = request;
    const watcher: Watcher = { scope, sink, view, cancels: [] };
    if (since === undefined || since === 0) this.sendPresent(watcher, request.marksInitialEnd);
    else for (const change of this.store.changesSince(since)) send(watcher, change, new Text(change));
    this.watchers.add(watcher);
    watcher.cancels.push(this.timers.after(request.timeoutSeconds * 1_000, () => this.end(watcher, request.bookmarks)));
    if (request.bookmarks) this.bookmarkLater(watcher);
    return () => this.end(watcher, false);
  }

  /** Cuts every watch of the cluster off, as a restarting API server does. */
  drop(): void {
    for (const watcher of [...this.watchers]) this.end(watcher, false);
  }

  /** Sends a bookmark to every watch now. */
  bookmark(): void {
    for (const watcher of this.watchers) watcher.sink.write(this.bookmarkLine(watcher.scope.kind));
  }

  private sendPresent(watcher: Watcher, marksEnd: boolean): void {
    const { kind, namespace } = watcher.scope;
    for (const object of this.store.list(kind, namespace)) {
      if (isInScope(watcher.scope, object)) watcher.sink.write(eventLine('ADDED', viewText(watcher, object)));
    }
    if (marksEnd) watcher.sink.write(this.bookmarkLine(kind, { 'k8s.io/initial-events-end': 'true' }));
  }

  private deliver(change: Change): void {
    const text = new Text(change);
    for (const watcher of [...this.watchers]) {
      if (!send(watcher, change, text)) this.end(watcher, false);
    }
  }

  private bookmarkLater(watcher: Watcher): void {
    const cancel = this.timers.after(BOOKMARK_EVERY_MS, () => {
      if (!this.watchers.has(watcher)) return;
      watcher.cancels = watcher.cancels.filter((known) => known !== cancel);
      watcher.sink.write(this.bookmarkLine(watcher.scope.kind));
      this.bookmarkLater(watcher);
    });
    watcher.cancels.push(cancel);
  }

  private bookmarkLine(kind: KindDefinition, annotations?: Record<string, string>): string {
    const metadata = { resourceVersion: String(this.store.version), creationTimestamp: null, annotations };
    return eventLine('BOOKMARK', JSON.stringify({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata }));
  }

  private end(watcher: Watcher, withBookmark: boolean): void {
    if (!this.watchers.delete(watcher)) return;
    for (const cancel of watcher.cancels) cancel();
    if (withBookmark) watcher.sink.write(this.bookmarkLine(watcher.scope.kind));
    watcher.sink.end();
  }
}

interface Watcher {
  scope: Scope;
  sink: WatchSink;
  view: ((object: KubernetesObject) => object) | undefined;
  cancels: (() => void)[];
}

/** The JSON of a change's object, made when the first watch needs it. */
class Text {
  private current: string | undefined;

  constructor(private readonly change: Change) {}

  get object(): string {
    return (this.current ??= JSON.stringify(this.change.object));
  }
}

/** The state that left a selector, under the version of the change that took it out. */
function leftState({ object, previous = object, version }: Change): KubernetesObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: String(version) } };
}

function viewText({ view, scope }: Watcher, object: KubernetesObject): string {
  const told = inVersionOf(scope.kind, object);
  return JSON.stringify(view === undefined ? told : view(told));
}

/** Compared by parts, without making names: every change comes by every watch. */
function isOfKind(wanted: KindDefinition, { group, plural }: KindDefinition): boolean {
  const { twin } = wanted;
  const kept = twin?.of ?? wanted;
  return kept.plural === plural && kept.group === group;
}

/** Answers false when the reader has fallen too far behind. */
function send(watcher: Watcher, change: Change, text: Text): boolean {
  const { scope, sink, view } = watcher;
  if (!isOfKind(scope.kind, change.kind)) return true;
  const was = change.previous !== undefined && isInScope(scope, change.previous);
  const is = change.type !== 'DELETED' && isInScope(scope, change.object);
  const isAsStored = view === undefined && scope.kind.twin === undefined && scope.kind.version === change.kind.version;
  const objectText = (): string => (isAsStored ? text.object : viewText(watcher, change.object));
  if (is) return sink.write(eventLine(was ? 'MODIFIED' : 'ADDED', objectText()));
  if (!was) return true;
  return sink.write(
    eventLine('DELETED', change.type === 'DELETED' ? objectText() : viewText(watcher, leftState(change))),
  );
}

export function isInScope({ namespace, name, labels, fields }: Scope, object: KubernetesObject): boolean {
  const { metadata } = object;
  if (namespace !== '' && metadata.namespace !== namespace) return false;
  if (name !== undefined && metadata.name !== name) return false;
  return matchesSelector({ matchExpressions: labels }, metadata.labels ?? {}) && matchesFields(fields, object);
}

export function eventLine(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}
