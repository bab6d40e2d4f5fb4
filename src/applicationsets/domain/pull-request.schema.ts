import { z } from 'zod';
import { flag, integer, stringMap, text, texts } from '../../kubernetes/common.schema.js';
import { applicationTemplateSchema } from './application-template.schema.js';
import { basicAuth, bearerToken, configMapKey, secretKey } from './scm-credentials.schema.js';

const github = z.strictObject({
  owner: z.string(),
  repo: z.string(),
  api: text,
  tokenRef: secretKey.nullish(),
  appSecretName: text,
  labels: texts,
});

const gitlab = z.strictObject({
  project: z.string(),
  api: text,
  tokenRef: secretKey.nullish(),
  labels: texts,
  pullRequestState: text,
  insecure: flag,
  caRef: configMapKey.nullish(),
});

const gitea = z.strictObject({
  owner: z.string(),
  repo: z.string(),
  api: z.string(),
  tokenRef: secretKey.nullish(),
  insecure: flag,
  labels: texts,
});

const bitbucketServer = z.strictObject({
  project: z.string(),
  repo: z.string(),
  api: z.string(),
  basicAuth: basicAuth.nullish(),
  bearerToken: bearerToken.nullish(),
  insecure: flag,
  caRef: configMapKey.nullish(),
});

const bitbucket = z.strictObject({
  owner: z.string(),
  repo: z.string(),
  api: text,
  basicAuth: basicAuth.nullish(),
  bearerToken: bearerToken.nullish(),
});

const azureDevOps = z.strictObject({
  organization: z.string(),
  project: z.string(),
  repo: z.string(),
  api: text,
  tokenRef: secretKey.nullish(),
  labels: texts,
});

const filter = z.strictObject({ branchMatch: text, targetBranchMatch: text, titleMatch: text });

/** argocd-behaviour.md 1.7. Azure DevOps is spelled in lower case here, unlike in scmProvider. */
export const pullRequestSchema = z
  .strictObject({
    github: github.nullish(),
    gitlab: gitlab.nullish(),
    gitea: gitea.nullish(),
    bitbucketServer: bitbucketServer.nullish(),
    bitbucket: bitbucket.nullish(),
    azuredevops: azureDevOps.nullish(),
    filters: z.array(filter).nullish(),
    continueOnRepoNotFoundError: flag,
    values: stringMap,
    requeueAfterSeconds: integer.nullish(),
    template: applicationTemplateSchema.nullish(),
  })
  .meta({ id: 'PullRequestGenerator' });
