import type { Clock } from '../../kernel/clock.js';
import type { KindRegistry } from '../kind-registry.js';
import type { ObjectDeleter } from '../object-deleter.js';
import type { ObjectStore } from '../object-store.js';
import type { ObjectWriter } from '../object-writer.js';
import type { WorkQueue } from '../work-queue.js';

/** What every controller of a virtual cluster works with. */
export interface ControllerParts {
  store: ObjectStore;
  registry: KindRegistry;
  writer: ObjectWriter;
  deleter: ObjectDeleter;
  queue: WorkQueue;
  clock: Clock;
  /** How long workloads take to become ready. */
  readyAfterMs: number;
  /** Nodes that a DaemonSet finds. */
  nodes: number;
}
