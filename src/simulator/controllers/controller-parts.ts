import type { Clock } from '../../kernel/clock.js';
import type { EventRecorder } from '../events/event-recorder.js';
import type { Faults } from '../faults.js';
import type { KindRegistry } from '../kind-registry.js';
import type { ObjectDeleter } from '../object-deleter.js';
import type { ClusterStore } from '../cluster-store.js';
import type { ObjectWriter } from '../object-writer.js';
import type { ControllerQueue } from '../controller-queue.js';

/** What every controller of a virtual cluster works with. */
export interface ControllerParts {
  store: ClusterStore;
  registry: KindRegistry;
  writer: ObjectWriter;
  deleter: ObjectDeleter;
  queue: ControllerQueue;
  clock: Clock;
  /** How long workloads take to become ready. */
  readyAfterMs: number;
  /** Nodes that DaemonSets are told of where no pods run. */
  nodes: number;
  /** Whether workloads run through pods; their status is filled in without, for large fleets. */
  runsPods: boolean;
  faults: Faults;
  events: EventRecorder;
}
