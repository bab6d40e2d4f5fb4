import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusBody } from '../../src/api/errors/status.js';
import type { HubAnswer, HubClient } from '../../src/demo/hub-client.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { NAMESPACE, type Document } from '../documents/fleet-documents.js';
import { proposed, type DocumentEdit, type Proposed } from '../documents/proposed.js';
import { isAsProposed, wholeWish } from '../documents/stored.js';
import type { Wishes } from '../model/reference.js';

const PLURALS: Readonly<Record<string, string>> = {
  Application: 'applications',
  ApplicationSet: 'applicationsets',
  AppProject: 'projects',
  Cluster: 'clusters',
  SecretStoreSet: 'secretstoresets',
};
const PAUSE_MS = 50;
const LONGEST_MS = 240_000;

/** stored: it is there. refused: it is not, and never will be. */
export type Fate = 'stored' | 'refused';

/** The hub's REST door as people use it, who look again when they got no answer. */
export class People {
  constructor(
    private readonly client: () => HubClient,
    private readonly repoURL: string,
  ) {}

  /** Throws for an answer that no fault explains. */
  async carryOut(edit: DocumentEdit): Promise<Fate> {
    const wanted = proposed(edit, this.repoURL);
    const stored = await this.stored(wanted);
    if (stored?.metadata.deletionTimestamp !== undefined) return 'refused'; // what ends takes nothing any more
    const answer = await this.send(wanted, stored).catch(() => undefined);
    if (answer !== undefined && answer.status < 300) return 'stored';
    if (answer !== undefined && answer.status < 500) return refusalOf(answer);
    if (answer?.status === 500) throw new Error(`the hub failed: ${JSON.stringify(answer.body)}`);
    return isAsProposed(wanted, await this.stored(wanted)) ? 'stored' : 'refused';
  }

  /** The document as the hub has it, asked until it answers. */
  async stored({ kind, name }: Pick<Proposed, 'kind' | 'name'>): Promise<KubernetesObject | undefined> {
    const { status, body } = await this.ask(pathOf(kind, name));
    return status === 404 ? undefined : comparable(body as KubernetesObject);
  }

  /** What of the wishes is not stored as it was acknowledged; empty where all is. */
  async lostWrites(wishes: Wishes): Promise<string[]> {
    const lost: string[] = [];
    for (const edit of wholeWish(wishes)) {
      const wanted = proposed(edit, this.repoURL);
      const stored = await this.stored(wanted);
      if (!isAsProposed(wanted, stored)) lost.push(`${JSON.stringify(edit)}; stored is ${JSON.stringify(stored)}`);
    }
    return lost;
  }

  async applications(): Promise<KubernetesObject[]> {
    const { body } = await this.ask('/api/v1/applications?limit=500');
    return (body as { items: KubernetesObject[] }).items;
  }

  /** Before anything goes wrong. */
  async apply(document: Document): Promise<void> {
    const body = JSON.stringify(document.object);
    const answer = await this.client().send({ method: 'POST', path: '/api/v1/apply', type: 'application/json', body });
    if (answer.status >= 300) throw new Error(`refused: ${JSON.stringify(answer.body)}`);
  }

  /** The plan of an edit, or nothing where it would be refused. */
  async plan(edit: DocumentEdit): Promise<Plan | undefined> {
    const { document } = proposed(edit, this.repoURL);
    if (!document) return undefined;
    const path = '/api/v1/apply?dryRun=true';
    const body = JSON.stringify(document.object);
    const answer = await this.client().send({ method: 'POST', path, type: 'application/json', body });
    if (answer.status >= 300) return undefined;
    return (answer.body as { results: { plan: Plan }[] }).results[0]?.plan;
  }

  /** What a webhook does after a push: by its answer the repository was looked at. */
  async refreshAll(): Promise<void> {
    for (const kind of ['applicationsets', 'applications']) {
      const { body } = await this.ask(`/api/v1/${kind}?limit=500`);
      const names = (body as { items: KubernetesObject[] }).items.map(({ metadata }) => metadata.name);
      for (const name of names) await this.ask(`/api/v1/${kind}/${name}/refresh`, 'POST');
    }
  }

  /** Approves whatever waits; answers how much did. */
  async approveAll(now: number): Promise<number> {
    const { body } = await this.ask('/api/v1/approvals?limit=500');
    const { items } = body as { items: { id: string; expiresAt: string | null }[] };
    const open = items.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) <= now);
    for (const { id } of open)
      await this.client().send({
        method: 'POST',
        path: `/api/v1/approvals/${id}/approve`,
        type: 'application/json',
        body: '{}',
      });
    return open.length;
  }

  /** Asks for a sync; answers the operation's id, or nothing where it was not taken. */
  async sync(name: string, prune: boolean): Promise<string | undefined> {
    const path = `/api/v1/applications/${name}/sync`;
    const sent = { method: 'POST', path, type: 'application/json', body: JSON.stringify({ prune }) } as const;
    const answer = await this.client()
      .send(sent)
      .catch(() => undefined);
    if (answer?.status === 500) throw new Error(`the hub failed: ${JSON.stringify(answer.body)}`);
    return answer?.status === 202 ? (answer.body as { operation?: { id: string } }).operation?.id : undefined;
  }

  private send({ kind, name, document }: Proposed, stored: KubernetesObject | undefined): Promise<HubAnswer> {
    if (!document && !stored) return Promise.resolve({ status: 200, body: undefined });
    if (!document) return this.client().send({ method: 'DELETE', path: pathOf(kind, name) });
    const body = JSON.stringify(document.object);
    return this.client().send({ method: 'POST', path: '/api/v1/apply', type: 'application/json', body });
  }

  private async ask(path: string, method: 'GET' | 'POST' = 'GET'): Promise<HubAnswer> {
    const deadline = performance.now() + LONGEST_MS;
    let last: unknown;
    while (performance.now() < deadline) {
      const answer = await this.client()
        .send({ method, path })
        .catch((error: unknown) => void (last = error));
      if (answer && (answer.status === 404 || answer.status < 300)) return answer;
      last = answer ?? last;
      await sleep(PAUSE_MS);
    }
    throw new Error(`${method} ${path} was never answered: ${JSON.stringify(last)}`);
  }
}

export interface Plan {
  lines: { action: string; kind: string; name: string }[];
}

/** What the hub adds by itself is no difference. */
function comparable(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Cluster') return object;
  return { ...object, spec: {} };
}

const REFUSALS = new Set(['NOT_PERMITTED', 'ALREADY_EXISTS', 'CONFLICT']);

function refusalOf({ status, body }: HubAnswer): Fate {
  const [applied] = (body as { results?: { error: StatusBody }[] }).results ?? [];
  const { code } = (applied?.error ?? (body as StatusBody)).details;
  if (REFUSALS.has(code)) return 'refused';
  throw new Error(`an edit was answered with ${status}: ${JSON.stringify(body)}`);
}

function pathOf(kind: string, name: string): string {
  return `/api/v1/namespaces/${NAMESPACE}/${PLURALS[kind]}/${name}`;
}
