/** What a history plays with: few names, so that its steps meet each other. */
export const CLUSTERS = ['c1', 'c2', 'c3'] as const;
export const ENVIRONMENTS = ['prod', 'dev'] as const;
export const DIRECTORIES = ['a', 'b', 'c', 'd'] as const;
export const OBJECTS = ['one', 'two', 'three'] as const;
export const SETS = ['s1', 's2'] as const;
export const APPLICATIONS = ['solo1', 'solo2'] as const;
export const STORES = ['v1', 'v2'] as const;
export const CHILDREN = ['child1', 'child2'] as const;

export type ClusterName = (typeof CLUSTERS)[number];
export type DirectoryName = (typeof DIRECTORIES)[number];

/** clusters: an Application a cluster of the environment. directories: one a directory. matrix: one for each pair. */
export interface SetSpec {
  shape: 'clusters' | 'directories' | 'matrix';
  env: string;
  /** Where those of `directories` go. */
  cluster: ClusterName;
  /** What those of `clusters` deliver. */
  directory: DirectoryName;
}

export interface ApplicationSpec {
  directory: DirectoryName;
  cluster: ClusterName;
  /** Whether its objects go with it. */
  cascades: boolean;
}

/** A secret store on each cluster of the environment. */
export interface StoresSpec {
  env: string;
  region: string;
}

/** What a person does; everything that is wanted follows from these. */
export type Edit =
  | { edit: 'set'; name: string; spec: SetSpec | null }
  | { edit: 'application'; name: string; spec: ApplicationSpec | null }
  | { edit: 'label'; cluster: ClusterName; env: string | null }
  /** The project permits every cluster but this one. */
  | { edit: 'project'; denied: ClusterName | null }
  /** A null value removes the file. */
  | { edit: 'push'; directory: DirectoryName; object: string; value: string | null }
  | { edit: 'remove-directory'; directory: DirectoryName }
  | { edit: 'stores'; name: string; spec: StoresSpec | null }
  /** The document of an Application is pushed to where an Application of the hub itself takes documents from. */
  | { edit: 'child'; name: string; spec: ApplicationSpec | null };

export type Fault =
  | { fault: 'crash-hub' }
  | { fault: 'crash-agent'; cluster: ClusterName }
  /** One of the next commits is cut before or after it is there. */
  | { fault: 'cut-commit'; after: number; when: 'before' | 'after' }
  | { fault: 'partition'; cluster: ClusterName }
  | { fault: 'reunite'; cluster: ClusterName }
  | { fault: 'unreadable' }
  /** The repository answers as if there were nothing in it. */
  | { fault: 'empty' }
  | { fault: 'readable' }
  /** So many of the next calls of the cluster's API fail, half of them after they had their effect. */
  | { fault: 'api'; cluster: ClusterName; calls: number }
  /** Deliveries and reports of before arrive once more. */
  | { fault: 'repeat'; cluster: ClusterName }
  | { fault: 'lose-cache'; cluster: ClusterName }
  | { fault: 'clock'; seconds: number }
  /** Somebody deletes or changes the n-th object on a cluster. */
  | { fault: 'tamper'; cluster: ClusterName; nth: number; how: 'delete' | 'change' }
  /** kill -9, and a start on the same folder. */
  | { fault: 'crash-postgres' }
  /** What the database calls now jumps. */
  | { fault: 'database-clock'; seconds: number };

export type Step =
  | { step: 'edit'; edit: Edit }
  /** The edit is shown as a plan first, and then carried out while nothing else happens. */
  | { step: 'preview'; edit: Edit }
  | { step: 'fault'; fault: Fault }
  /** Somebody asks for a sync of the n-th Application. */
  | { step: 'sync'; nth: number; prune: boolean }
  /** The system goes on by so many turns. */
  | { step: 'run'; turns: number }
  /** Faults stop, what waits for approval is approved, and all comes to rest. */
  | { step: 'settle' };

/** Ends in `settle`, which the runner adds where it is missing. */
export interface History {
  seed: number;
  steps: readonly Step[];
}

export function describeStep(step: Step): string {
  switch (step.step) {
    case 'edit':
      return describeEdit(step.edit);
    case 'preview':
      return `previewed: ${describeEdit(step.edit)}`;
    case 'fault':
      return describeFault(step.fault);
    case 'sync':
      return `sync Application ${step.nth}${step.prune ? ' and prune' : ''}`;
    case 'run':
      return `run ${step.turns} turns`;
    case 'settle':
      return 'settle';
  }
}

function describeEdit(edit: Edit): string {
  const { edit: what, ...rest } = edit;
  return `${what} ${JSON.stringify(rest)}`;
}

function describeFault({ fault, ...rest }: Fault): string {
  return Object.keys(rest).length === 0 ? `FAULT ${fault}` : `FAULT ${fault} ${JSON.stringify(rest)}`;
}
