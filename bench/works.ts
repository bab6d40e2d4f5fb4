import type { Work } from './frame/work.js';
import { commitFiftyThousand, commitTenThousand } from './works/commit.js';
import { coldStartWork } from './works/cold-start.js';
import { expandWork } from './works/expand.js';
import { allocationWork } from './works/expand-allocation.js';
import { gitReadWork } from './works/git-read.js';
import { hubMemoryWork } from './works/hub-memory.js';
import { idleAgentWork } from './works/idle-agent.js';
import { labelEditWork } from './works/label-edit.js';
import { listWork } from './works/list.js';
import { noOpWork } from './works/no-op.js';
import { rendersWork } from './works/renders.js';
import { syncTenThousand, syncThousand } from './works/sync.js';
import { webhookWork } from './works/webhook.js';

/** Everything that is measured, in the order in which it runs. */
export const WORKS: readonly Work[] = [
  expandWork,
  allocationWork,
  commitTenThousand,
  commitFiftyThousand,
  noOpWork,
  labelEditWork,
  listWork,
  gitReadWork,
  rendersWork,
  coldStartWork,
  hubMemoryWork,
  idleAgentWork,
  syncThousand,
  syncTenThousand,
  webhookWork,
];
