import type { ApplicationRecord } from './application-record.js';
import { NO_HEALS, type HealCount } from './heal-pace.js';
import type { DesiredObject, Target } from './target.js';

/** One Application while the agent runs: what is remembered of it, and what is derived from that. */
export interface ManagedApplication {
  record: ApplicationRecord;
  /** What it should be; undefined until its documents were read. */
  target: Target | undefined;
  /** Names the inputs that `target` was built from. */
  targetInputs: string;
  heals: HealCount;
}

/** All Applications of this cluster, and who of them has to do with an object. */
export class ManagedApplications {
  private readonly byUid = new Map<string, ManagedApplication>();

  get(uid: string): ManagedApplication | undefined {
    return this.byUid.get(uid);
  }

  all(): ManagedApplication[] {
    return [...this.byUid.values()];
  }

  add(record: ApplicationRecord): ManagedApplication {
    const application = { record, target: undefined, targetInputs: '', heals: NO_HEALS };
    this.byUid.set(record.uid, application);
    return application;
  }

  remove(uid: string): void {
    this.byUid.delete(uid);
  }

  /** Applications that want an object, or have it in their inventory. */
  concernedBy(key: string): ManagedApplication[] {
    return this.all().filter(({ record, target }) => target?.objects.has(key) || record.inventory.has(key));
  }

  /** Another Application that wants an object now. */
  otherWanting(key: string, than: ManagedApplication): ManagedApplication | undefined {
    return this.all().find((application) => application !== than && isWantedBy(key, application));
  }

  /** What should stand under a key: the word of the Application the live object names, else of any that wants it. */
  desiredFor(key: string, instance: string | undefined): DesiredObject | undefined {
    const wanting = this.all().filter((application) => isWantedBy(key, application));
    const named = wanting.find(({ record }) => record.settings?.instance === instance);
    return (named ?? wanting[0])?.target?.objects.get(key);
  }
}

function isWantedBy(key: string, { record, target }: ManagedApplication): boolean {
  const { intent } = record.delivery;
  return intent !== 'orphan' && intent !== 'prune' && target?.objects.has(key) === true;
}
