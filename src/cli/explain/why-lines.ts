import type { ApplicationWhyAnswer, Generation, Maker } from '../../applicationsets/explain/application-why.js';
import type { WhyNot } from '../../applicationsets/explain/why-not.js';
import type { LabelEdit } from '../../expansion/why-not/label-change.js';

/** Why an Application is as it is, for people. */
export function whyLines({
  application,
  madeBy,
  state,
  generated,
  project,
  git,
  writes,
}: ApplicationWhyAnswer): string[] {
  const reason = 'reason' in state ? `: ${state.reason}` : '';
  const changes = 'changes' in state ? state.changes : [];
  return [
    `Application ${application.namespace}/${application.name} (project ${application.project}): ${state.state}${reason}`,
    ...changes.map(({ path, from, to }) => `  ${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`),
    `  made by ${makerText(madeBy)}`,
    ...generated.flatMap(generationLines),
    ...project.rules.map(({ subject, reason: rule }) => `  ${subject}: ${rule}`),
    ...git.map(({ repoURL, revision, sha }) => `  read ${repoURL} at ${revision}: ${sha}`),
    ...writes.map(({ object, actor = 'nobody known', verb = 'write', at = '', isLikelyCause }) =>
      `  ${object}: last ${verb} by ${actor} ${at}${isLikelyCause ? ' (the likely cause)' : ''}`.trimEnd(),
    ),
  ];
}

/** Why a set makes nothing for a cluster, or what it makes, for people. */
export function whyNotLines({ applicationSet, cluster, matches, generators, ...answer }: WhyNot): string[] {
  const verdict = matches === null ? 'depends on more than the cluster' : matches ? 'selected' : 'not selected';
  return [
    `ApplicationSet ${applicationSet.namespace}/${applicationSet.name} on cluster ${cluster.name}: ${verdict}`,
    ...generators.flatMap(({ path, terms, change = [], impossible, error, notes }) => [
      `  ${path}`,
      ...terms.map(({ key, operator, values, value, holds }) => {
        const has = holds === null ? 'is not of the cluster' : `it has ${value ?? 'nothing'}`;
        return `    ${holds === null ? '?' : holds ? '+' : '-'} ${[key, operator, values.join(', ')].filter(Boolean).join(' ')} (${has})`;
      }),
      ...(change.length === 0 ? [] : [`    would match after: ${editsText(change)}`]),
      ...(impossible ? [`    no labels help: ${impossible.reason}`] : []),
      ...(error ? [`    error: ${error.message}`] : []),
      ...notes.map((note) => `    ${note}`),
    ]),
    ...(answer.smallestChange ? [`  smallest change: ${editsText(answer.smallestChange.edits)}`] : []),
    ...answer.applications.map(
      ({ namespace, name, state, reason }) =>
        `  ${state}: ${namespace}/${name}${reason === undefined ? '' : ` (${reason})`}`,
    ),
    ...answer.errors.map(({ path, message }) => `  error: ${path}: ${message}`),
    ...answer.notes.map((note) => `  ${note}`),
  ];
}

function makerText({ kind, namespace, name, generation, note }: Maker): string {
  const named = name === undefined ? kind : `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const told = [generation === undefined ? '' : `generation ${generation}`, note ?? ''].filter((text) => text !== '');
  return told.length === 0 ? named : `${named} (${told.join(', ')})`;
}

function generationLines({ generator, parameters, hiddenParameters, template, patch }: Generation): string[] {
  return [
    `  ${generator.path}`,
    ...Object.entries(parameters).map(([name, value]) => `    ${name} = ${value}`),
    ...(hiddenParameters.length === 0 ? [] : [`    not shown: ${hiddenParameters.join(', ')}`]),
    ...template.map(({ path, template: text, value }) => `    ${path}: ${text} -> ${value ?? '(patched away)'}`),
    ...(patch?.changes ?? []).map(({ path, to }) => `    patched ${path}: ${JSON.stringify(to)}`),
  ];
}

function editsText(edits: readonly LabelEdit[]): string {
  return edits
    .map(({ label, action, value }) => (action === 'unset' ? `unset ${label}` : `${label}=${value}`))
    .join(', ');
}
