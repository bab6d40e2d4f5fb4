import type { FieldFault } from '../../kernel/errors.js';
import type { AppProjectSpec, DestinationServiceAccount, ProjectDestination } from './app-project.js';
import { duplicates } from './duplicates.js';
import { roleFaults } from './validate-role.js';

/**
 * What Argo CD's API refuses in a well-typed AppProject (argocd-behaviour.md 5.2, 5.3, 5.6), with paths from the
 * document's root. Sync windows are not judged yet.
 */
export function projectFaults(name: string, spec: AppProjectSpec): FieldFault[] {
  const destinations = spec.destinations ?? [];
  const sources = spec.sourceRepos ?? [];
  const roles = spec.roles ?? [];
  return [
    ...destinations.flatMap((entry, index) => destinationFaults(entry, `spec.destinations[${index}]`)),
    ...duplicates(destinations.map(destinationKey), 'spec.destinations'),
    ...sources.flatMap((entry, index) => denyAllFaults(entry, `spec.sourceRepos[${index}]`)),
    ...duplicates(sources, 'spec.sourceRepos'),
    ...duplicates(
      roles.map((role) => role.name),
      'spec.roles',
    ),
    ...roles.flatMap((role, index) => roleFaults(name, role, `spec.roles[${index}]`)),
    ...(spec.destinationServiceAccounts ?? []).flatMap((entry, index) =>
      serviceAccountFaults(entry, `spec.destinationServiceAccounts[${index}]`),
    ),
  ];
}

function destinationFaults(entry: ProjectDestination, path: string): FieldFault[] {
  return (['server', 'name', 'namespace'] as const).flatMap((field) =>
    denyAllFaults(entry[field] ?? '', `${path}.${field}`),
  );
}

/** Entries that differ only by name are the same one where they have a server. */
function destinationKey({ server, name, namespace }: ProjectDestination): string {
  return `${server ? server : (name ?? '')}/${namespace ?? ''}`;
}

function denyAllFaults(pattern: string, path: string): FieldFault[] {
  return pattern === '!*'
    ? [{ path, message: 'would deny everything', expected: 'a narrower pattern', got: '!*' }]
    : [];
}

function serviceAccountFaults(
  { server, namespace, defaultServiceAccount }: DestinationServiceAccount,
  path: string,
): FieldFault[] {
  const account = defaultServiceAccount.trim();
  return [
    ...denyAllFaults(server ?? '', `${path}.server`),
    ...denyAllFaults(namespace ?? '', `${path}.namespace`),
    ...(account === '' || /[!*[\]{}\\/]/.test(account)
      ? [
          {
            path: `${path}.defaultServiceAccount`,
            message: 'is not a service account',
            expected: '<name> or <namespace>:<name>, without patterns',
            got: defaultServiceAccount,
          },
        ]
      : []),
  ];
}
