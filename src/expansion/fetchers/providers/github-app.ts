import { createSign } from 'node:crypto';
import { nameAt, textAt } from '../answer-fields.js';
import type { ProviderDoor } from '../provider-door.js';
import { RemoteFailure } from '../remote-failure.js';
import { unlessAbsent, type RemoteApi } from '../remote-api.js';

export interface GithubApp {
  id: string;
  /** Empty where GitHub is to be asked for it. */
  installation: string;
  privateKey: string;
}

export interface InstallationToken {
  token: string;
  /** Where GitHub says so. */
  expiresAt?: Date;
}

/** For whom a token is made, and how GitHub is asked: `open` makes an API with the given headers. */
export interface TokenRequest {
  /** Who installed the App. */
  owner: string;
  now: Date;
  open: (headers: Record<string, string>) => Promise<RemoteApi>;
}

const VALID_SECONDS = 540;
/** GitHub's clock may be behind the hub's. */
const SKEW_SECONDS = 60;

/** A token of an installed GitHub App, good for an hour. Throws RemoteFailure. */
export async function installationToken(
  app: GithubApp,
  { owner, now, open }: TokenRequest,
): Promise<InstallationToken> {
  const api = await open({ authorization: `Bearer ${assertionOf(app, now)}` });
  const token = await unlessAbsent(exchange(api, app, owner));
  if (token !== undefined) return token;
  throw new RemoteFailure('SCM_AUTH', `the GitHub App ${app.id} is not installed for ${owner}`);
}

/** The same for a generator, whose Secret has Argo CD's keys (argocd-behaviour.md 7.3). Throws RemoteFailure. */
export async function githubAppToken(
  door: ProviderDoor,
  owner: string,
  open: (headers: Record<string, string>) => Promise<RemoteApi>,
): Promise<string> {
  const { token } = await installationToken(await appOf(door), { owner, now: door.now(), open });
  return token;
}

async function exchange(api: RemoteApi, app: GithubApp, owner: string): Promise<InstallationToken> {
  const installation = app.installation || (await installationOf(api, owner));
  const { body } = await api.post(['app', 'installations', installation, 'access_tokens'], {});
  const expiresAt = new Date(textAt(body, 'expires_at'));
  return { token: nameAt(body, 'token'), ...(Number.isNaN(expiresAt.getTime()) ? {} : { expiresAt }) };
}

async function appOf(door: ProviderDoor): Promise<GithubApp> {
  const read = (key: string) => door.controlSecret('appSecretName', key);
  const [id, privateKey] = [await read('githubAppID'), await read('githubAppPrivateKey')];
  if (id === undefined || privateKey === undefined) {
    const message = `the Secret "${door.text('appSecretName')}" must hold githubAppID and githubAppPrivateKey`;
    throw new RemoteFailure('SCM_TOKEN_MISSING', `${message}, labelled argocd.argoproj.io/secret-type: scm-creds`);
  }
  return { id: id.trim(), installation: ((await read('githubAppInstallationID')) ?? '').trim(), privateKey };
}

async function installationOf(api: RemoteApi, owner: string): Promise<string> {
  const found = await api.get(['users', owner, 'installation']);
  const id = (found.body as { id?: unknown } | undefined)?.id;
  if (typeof id === 'number') return String(id);
  throw new RemoteFailure('SCM_ANSWER_INVALID', 'GitHub answered without an installation id');
}

/** https://docs.github.com/apps: a JSON Web Token that the App signs for itself. */
function assertionOf({ id, privateKey }: GithubApp, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds - SKEW_SECONDS, exp: seconds + VALID_SECONDS, iss: id };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims].map(encoded).join('.');
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  } catch {
    throw new RemoteFailure('SCM_TOKEN_MISSING', 'githubAppPrivateKey is no RSA key in PEM');
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
