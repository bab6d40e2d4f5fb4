import { z } from 'zod';

/** The variables of webhook secrets, by the key that each has in `argocd-secret`. */
const SECRETS = {
  'webhook.azuredevops.username': 'FLEETWRIGHT_WEBHOOK_AZUREDEVOPS_USERNAME',
  'webhook.azuredevops.password': 'FLEETWRIGHT_WEBHOOK_AZUREDEVOPS_PASSWORD',
  'webhook.gogs.secret': 'FLEETWRIGHT_WEBHOOK_GOGS_SECRET',
  'webhook.github.secret': 'FLEETWRIGHT_WEBHOOK_GITHUB_SECRET',
  'webhook.gitlab.secret': 'FLEETWRIGHT_WEBHOOK_GITLAB_SECRET',
  'webhook.bitbucket.uuid': 'FLEETWRIGHT_WEBHOOK_BITBUCKET_UUID',
  'webhook.bitbucketserver.secret': 'FLEETWRIGHT_WEBHOOK_BITBUCKETSERVER_SECRET',
  'webhook.harbor.secret': 'FLEETWRIGHT_WEBHOOK_HARBOR_SECRET',
  'webhook.generic.secret': 'FLEETWRIGHT_WEBHOOK_GENERIC_SECRET',
} as const;

const secret = z.string().optional();

export const WEBHOOK_SECRET_VARIABLES = {
  FLEETWRIGHT_WEBHOOK_AZUREDEVOPS_USERNAME: secret,
  FLEETWRIGHT_WEBHOOK_AZUREDEVOPS_PASSWORD: secret,
  FLEETWRIGHT_WEBHOOK_GOGS_SECRET: secret,
  FLEETWRIGHT_WEBHOOK_GITHUB_SECRET: secret,
  FLEETWRIGHT_WEBHOOK_GITLAB_SECRET: secret,
  FLEETWRIGHT_WEBHOOK_BITBUCKET_UUID: secret,
  FLEETWRIGHT_WEBHOOK_BITBUCKETSERVER_SECRET: secret,
  FLEETWRIGHT_WEBHOOK_HARBOR_SECRET: secret,
  FLEETWRIGHT_WEBHOOK_GENERIC_SECRET: secret,
};

type Values = { readonly [Name in keyof typeof WEBHOOK_SECRET_VARIABLES]?: string | undefined };

/** Those that are set, by their keys. */
export function webhookSecretsOf(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SECRETS).flatMap(([key, name]) => {
      const value = values[name];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
