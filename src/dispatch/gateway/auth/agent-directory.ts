import { Injectable } from '@nestjs/common';
import { AgentStore } from '../../../clusters/agents/agent-store.js';
import type { Agent } from '../../../clusters/domain/agent.js';
import { Clock } from '../../../kernel/clock.js';
import { Gathering } from '../../../kernel/gathering.js';

const FRESH_MS = 5_000;
const MOST = 20_000;
const MOST_READ = 500;

/** Agents by cluster uid, kept for a few seconds: an agent that starts asks for its bundles one after the other. */
@Injectable()
export class AgentDirectory {
  private readonly known = new Map<string, { agent: Agent; until: number }>();
  private readonly reading = new Gathering<string, Agent | undefined>({
    most: MOST_READ,
    work: async (clusterUids) => {
      const agents = await this.agents.findAll(clusterUids);
      return clusterUids.map((uid) => agents.get(uid));
    },
  });

  constructor(
    private readonly agents: AgentStore,
    private readonly clock: Clock,
  ) {}

  /** A removed agent or a replaced key is noticed after five seconds at the latest, or at once with `fresh`. */
  async find(clusterUid: string, { fresh }: { fresh: boolean }): Promise<Agent | undefined> {
    const now = this.clock.now().getTime();
    const known = this.known.get(clusterUid);
    if (known && now < known.until && !fresh) return known.agent;
    const agent = await this.reading.add(clusterUid);
    this.remember(clusterUid, agent && { agent, until: now + FRESH_MS });
    return agent;
  }

  private remember(clusterUid: string, entry: { agent: Agent; until: number } | undefined): void {
    if (this.known.size >= MOST) this.known.clear();
    if (entry) this.known.set(clusterUid, entry);
    else this.known.delete(clusterUid);
  }
}
