import { expandApplicationSet } from '../../expansion/expand.js';
import type { ExpansionError, GeneratedApplication } from '../../expansion/expansion.js';
import { compareBytes } from '../../expansion/go-format.js';
import type { ExpansionReader } from '../../expansion/reader.js';
import { messageOf } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import type { GivenSet } from './fleet-input.js';
import type { ProjectRules } from './project-rules.js';

/** One ApplicationSet, folded strictly as Argo CD does: with an error it has no Applications. */
export interface ExpandedSet {
  name: string;
  namespace: string;
  /** By name. */
  applications: KubernetesObject[];
  errors: ExpansionError[];
  warnings: string[];
}

/** Never throws: whatever goes wrong in one set must not stop the others. */
export async function expandSet(set: GivenSet, reader: ExpansionReader, rules: ProjectRules): Promise<ExpandedSet> {
  const { name, namespace, errors } = set;
  if (errors.length > 0) return { name, namespace, applications: [], errors, warnings: set.warnings };
  try {
    return await expanded(set, reader, rules);
  } catch (error) {
    const fault = {
      code: 'INTERNAL',
      message: `expansion broke off, please report it: ${messageOf(error)}`,
      path: 'spec',
    };
    return { name, namespace, applications: [], errors: [fault], warnings: set.warnings };
  }
}

async function expanded(set: GivenSet, reader: ExpansionReader, rules: ProjectRules): Promise<ExpandedSet> {
  const expansion = await expandApplicationSet(set.document, reader);
  const judged = expansion.errors.length > 0 ? { errors: [], warnings: [] } : rules.judge(expansion.documents);
  const errors = [...expansion.errors, ...judged.errors];
  return {
    name: set.name,
    namespace: set.namespace,
    applications: errors.length > 0 ? [] : sorted(expansion.documents).map(wholeApplication),
    errors,
    warnings: [...set.warnings, ...expansion.warnings, ...judged.warnings],
  };
}

function sorted(generated: readonly GeneratedApplication[]): GeneratedApplication[] {
  return [...generated].sort((left, right) => compareBytes(left.metadata.name, right.metadata.name));
}

function wholeApplication({ metadata, spec }: GeneratedApplication): KubernetesObject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec };
}
