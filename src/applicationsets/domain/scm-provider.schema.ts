import { z } from 'zod';
import { flag, integer, stringMap, text, texts } from '../../kubernetes/common.schema.js';
import { applicationTemplateSchema } from './application-template.schema.js';
import { basicAuth, bearerToken, configMapKey, secretKey } from './scm-credentials.schema.js';

const github = z.strictObject({
  organization: z.string(),
  api: text,
  tokenRef: secretKey.nullish(),
  appSecretName: text,
  allBranches: flag,
  excludeArchivedRepos: flag,
});

const gitlab = z.strictObject({
  group: z.string(),
  includeSubgroups: flag,
  includeSharedProjects: flag,
  includeArchivedRepos: flag,
  topic: text,
  api: text,
  tokenRef: secretKey.nullish(),
  allBranches: flag,
  insecure: flag,
  caRef: configMapKey.nullish(),
});

const gitea = z.strictObject({
  owner: z.string(),
  api: z.string(),
  tokenRef: secretKey.nullish(),
  allBranches: flag,
  insecure: flag,
  excludeArchivedRepos: flag,
});

const bitbucketServer = z.strictObject({
  project: z.string(),
  api: z.string(),
  basicAuth: basicAuth.nullish(),
  bearerToken: bearerToken.nullish(),
  allBranches: flag,
  insecure: flag,
  caRef: configMapKey.nullish(),
});

const bitbucket = z.strictObject({
  owner: z.string(),
  user: z.string(),
  appPasswordRef: secretKey,
  allBranches: flag,
});

const azureDevOps = z.strictObject({
  organization: z.string(),
  teamProject: z.string(),
  accessTokenRef: secretKey,
  api: text,
  allBranches: flag,
});

const awsCodeCommit = z.strictObject({
  tagFilters: z.array(z.strictObject({ key: z.string(), value: text })).nullish(),
  role: text,
  region: text,
  allBranches: flag,
});

const filter = z.strictObject({
  repositoryMatch: text,
  labelMatch: text,
  branchMatch: text,
  pathsExist: texts,
  pathsDoNotExist: texts,
});

/** argocd-behaviour.md 1.6. */
export const scmProviderSchema = z
  .strictObject({
    github: github.nullish(),
    gitlab: gitlab.nullish(),
    gitea: gitea.nullish(),
    bitbucketServer: bitbucketServer.nullish(),
    bitbucket: bitbucket.nullish(),
    azureDevOps: azureDevOps.nullish(),
    awsCodeCommit: awsCodeCommit.nullish(),
    filters: z.array(filter).nullish(),
    cloneProtocol: text,
    values: stringMap,
    requeueAfterSeconds: integer.nullish(),
    template: applicationTemplateSchema.nullish(),
  })
  .meta({ id: 'ScmProviderGenerator' });
