import { messageOf } from '../../kernel/errors.js';
import { parseObjectKey } from '../../kernel/object.js';
import type { AgentEngine } from './agent-engine.js';
import type { MemberFacts } from './member-facts.js';
import { resourcesInUse } from './pass/pass-context.js';

export interface HousekeepingOptions {
  engine: AgentEngine;
  facts: MemberFacts;
  everyMs: number;
}

/** Now and then: looks what the cluster serves and drops what nobody uses any more. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HousekeepingOptions) {}

  start(): void {
    // The only timer that keeps an agent's process alive while nothing happens.
    this.timer = setInterval(() => void this.turn(), this.options.everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async turn(): Promise<void> {
    const { engine, facts } = this.options;
    try {
      await facts.read();
      await engine.saveHistory();
      await dropUnused(engine);
    } catch (error) {
      engine.context.logger.warn({ err: messageOf(error) }, 'housekeeping failed; the next turn tries again');
    }
  }
}

async function dropUnused({ context }: AgentEngine): Promise<void> {
  const records = context.applications.all().map(({ record }) => record);
  const names = records.flatMap(({ delivery, judged }) => (judged ? [delivery, judged] : [delivery]));
  await context.documents.keepOnly(names);
  const operations = records.map(({ delivery }) => delivery.operation?.bundleDigest ?? null);
  const bundles = [...names.map(({ bundleDigest }) => bundleDigest), ...operations];
  await context.bundles.keepOnly(new Set(bundles.filter((digest) => digest !== null)));
  const held = records.flatMap(({ inventory }) => [...inventory.values()]);
  const wanted = context.applications.all().flatMap(({ target }) => [...(target?.objects.values() ?? [])]);
  const kinds = [
    ...held.map(({ key, apiVersion }) => ({ apiVersion, kind: parseObjectKey(key).kind })),
    ...wanted.map(({ object: { apiVersion, kind } }) => ({ apiVersion, kind })),
  ];
  context.live.keepOnly(resourcesInUse(kinds, context.catalog));
}
