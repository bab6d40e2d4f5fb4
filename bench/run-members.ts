import { DemoFleet } from '../src/demo/fleet.js';
import { DemoLogs } from '../src/demo/demo-logs.js';
import { timeHeal } from './fleet/heal.js';
import type { HandEdit, MembersAnswer, MembersOptions } from './fleet/members-process.js';

/** A process of virtual clusters with a real agent each; edits their objects when its parent says so. */
const { hubUrl, joinToken, folder, clusters } = JSON.parse(process.argv[2] ?? '{}') as MembersOptions;
const logs = new DemoLogs(`${folder}/agents.log`, 'warn');
const fleet = new DemoFleet({
  hubUrl,
  joinToken,
  folder: `${folder}/agents`,
  logs,
  clusters: { runsPods: false, readyAfterMs: 0 },
});
const tell = (answer: MembersAnswer): boolean | undefined => process.send?.(answer);

process.on('message', (edit: HandEdit) => {
  void timeHeal(fleet.cluster(edit.cluster), edit).then((ms) => tell({ ms }));
});
process.once('SIGTERM', () => void fleet.stop().then(() => process.exit(0)));
await fleet.start(clusters);
tell({ ms: performance.now() });
