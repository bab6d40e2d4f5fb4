import type { ExpansionError } from '../../expansion/expansion.js';
import type { LabelEdit } from '../../expansion/why-not/label-change.js';
import type { JudgedSelection } from '../../expansion/why-not/judge-cluster.js';

/** Why a set does or does not make Applications for one cluster. */
export interface WhyNot {
  applicationSet: { namespace: string; name: string; uid: string; generation: number; project: string };
  cluster: { name: string; labels: Record<string, string> };
  /** Whether some generator selects the cluster; null where that depends on more than the cluster. */
  matches: boolean | null;
  /** Each `clusters` generator; one whose selector a matrix fills in stands here once for each filling. */
  generators: (JudgedSelection & { selector?: unknown })[];
  /** The fewest label edits after which some generator selects the cluster. Absent where it does, or where none helps. */
  smallestChange?: { generator: string; edits: LabelEdit[] };
  /** What the cluster gives, as far as the asker may see it. */
  applications: GivenApplication[];
  /** What stops the set, or what this cluster would give. */
  errors: ExpansionError[];
  notes: string[];
  /** How many more there are than are shown. */
  more?: { applications?: number; generators?: number };
}

export interface GivenApplication {
  namespace: string;
  name: string;
  project: string;
  state: 'there' | 'to-be-created' | 'to-be-updated' | 'refused';
  code?: string;
  /** Why it is refused. */
  reason?: string;
}
