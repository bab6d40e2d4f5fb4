import { expansionErrorOf } from '../failure.js';
import type { ExpansionError } from '../expansion.js';
import { normalizeName } from '../normalize-name.js';
import type { ClusterRecord } from '../reader.js';
import { clusterRequirements, holds, requirementsOf, type Requirement } from '../selector.js';
import type { ClusterSelection } from './cluster-selections.js';
import { smallestLabelChange, type Contradiction, type LabelEdit } from './label-change.js';

/** One term of a selector, asked about one cluster. */
export interface JudgedTerm {
  path: string;
  key: string;
  operator: string;
  values: string[];
  /** What the cluster has under the key; null where it has nothing, or where `holds` is null. */
  value: string | null;
  /** Null where the term looks at something else than the cluster, such as a directory of a matrix. */
  holds: boolean | null;
}

/** Why a cluster does or does not come out of one `clusters` generator, and what would change that. */
export interface JudgedSelection {
  path: string;
  /** Null where it depends on more than the cluster. */
  matches: boolean | null;
  terms: JudgedTerm[];
  /** The fewest label edits after which the cluster matches; empty where it does. Absent where there are none. */
  change?: LabelEdit[];
  impossible?: Contradiction;
  error?: ExpansionError;
  /** False for a later child of a merge: it fills in what the first one gives. */
  addsResults: boolean;
  notes: string[];
}

export interface ClusterQuestion {
  cluster: ClusterRecord;
  /** Labels that nobody may change. */
  fixed: ReadonlySet<string>;
}

/** What a term looks at: a label, something else of the cluster, or what other generators give. */
interface Subject {
  requirement: Requirement;
  label?: string;
  value?: string | undefined;
  isKnown: boolean;
}

const LABELS = 'metadata.labels.';
const ANNOTATIONS = 'metadata.annotations.';

/** The selector is the one that the generator ran with: inside a matrix it may have been filled in. */
export function judgeCluster(
  selection: ClusterSelection,
  selector: unknown,
  question: ClusterQuestion,
): JudgedSelection {
  const about = { path: selection.path, addsResults: !selection.onlyFills, notes: notesOf(selection) };
  try {
    const subjects = subjectsOf(selection, selector, question.cluster);
    const terms = subjects.map(judgedTerm);
    return { ...about, matches: matchOf(terms), terms, ...changeOf(subjects, question) };
  } catch (failure) {
    return { ...about, matches: false, terms: [], error: expansionErrorOf(failure) };
  }
}

function subjectsOf(selection: ClusterSelection, selector: unknown, cluster: ClusterRecord): Subject[] {
  const own = clusterRequirements(selector ?? {}, `${selection.path}.selector`).map((requirement) =>
    ofLabel(requirement, requirement.key, cluster),
  );
  const after = selection.postSelectors
    .flatMap((post) => requirementsOf(post.selector, post.path))
    .map((requirement) => (selection.isFlat ? { requirement, isKnown: false } : ofParameter(requirement, cluster)));
  return [...own, ...after];
}

function ofLabel(requirement: Requirement, label: string, { labels }: ClusterRecord): Subject {
  return { requirement, label, value: textOf(labels, label), isKnown: true };
}

/** Post-selectors look at flattened parameters, of which a cluster gives these (argocd-behaviour.md 1.2). */
function ofParameter(requirement: Requirement, cluster: ClusterRecord): Subject {
  const { key } = requirement;
  if (key.startsWith(LABELS)) return ofLabel(requirement, key.slice(LABELS.length), cluster);
  if (key.startsWith(ANNOTATIONS)) {
    return { requirement, value: textOf(cluster.annotations, key.slice(ANNOTATIONS.length)), isKnown: true };
  }
  const { name, server, project } = cluster;
  const given = { name, nameNormalized: normalizeName(name), server, project };
  return { requirement, value: textOf(given, key), isKnown: Object.hasOwn(given, key) };
}

function textOf(texts: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

function judgedTerm({ requirement, value, isKnown }: Subject): JudgedTerm {
  const { path, key, operator, values } = requirement;
  return { path, key, operator, values, value: value ?? null, holds: isKnown ? holds(requirement, value) : null };
}

function matchOf(terms: readonly JudgedTerm[]): boolean | null {
  if (terms.some((term) => term.holds === false)) return false;
  return terms.some((term) => term.holds === null) ? null : true;
}

function changeOf(
  subjects: readonly Subject[],
  { cluster, fixed }: ClusterQuestion,
): Pick<JudgedSelection, 'change' | 'impossible'> {
  const beyond = subjects.filter(({ requirement, label, value, isKnown }) => {
    return isKnown && label === undefined && !holds(requirement, value);
  });
  if (beyond.length > 0) {
    const keys = beyond.map(({ requirement }) => requirement.key).join(', ');
    const terms = beyond.map(({ requirement }) => requirement.path);
    return { impossible: { reason: `${keys} of the cluster is not what is asked for, and is no label`, terms } };
  }
  const requirements = subjects.flatMap(({ requirement, label }) => {
    return label === undefined ? [] : [{ ...requirement, key: label }];
  });
  const change = smallestLabelChange({ requirements, labels: cluster.labels, fixed });
  return 'edits' in change ? { change: change.edits } : change;
}

function notesOf({ isFlat, onlyFills, path }: ClusterSelection): string[] {
  return [
    ...(isFlat ? [`${path} gives all its clusters as one list (flatList)`] : []),
    ...(onlyFills
      ? [`${path} is a later child of a merge: it fills in what the first one gives, and adds nothing`]
      : []),
  ];
}
