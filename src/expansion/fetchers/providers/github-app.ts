import { createSign } from 'node:crypto';
import { nameAt } from '../answer-fields.js';
import type { ProviderDoor } from '../provider-door.js';
import { RemoteFailure } from '../remote-failure.js';
import { unlessAbsent, type RemoteApi } from '../remote-api.js';

interface GithubApp {
  id: string;
  /** Empty where GitHub is to be asked for it. */
  installation: string;
  privateKey: string;
}

const VALID_SECONDS = 540;
/** GitHub's clock may be behind the hub's. */
const SKEW_SECONDS = 60;

/**
 * A token of an installed GitHub App, good for an hour. The Secret has Argo CD's keys (argocd-behaviour.md 7.3). `open` makes
 * an API with the given headers; `owner` is who installed the App. Throws RemoteFailure.
 */
export async function githubAppToken(
  door: ProviderDoor,
  owner: string,
  open: (headers: Record<string, string>) => Promise<RemoteApi>,
): Promise<string> {
  const app = await appOf(door);
  const api = await open({ authorization: `Bearer ${assertionOf(app, door.now())}` });
  const token = await unlessAbsent(exchange(api, app, owner));
  if (token !== undefined) return token;
  throw new RemoteFailure('SCM_AUTH', `the GitHub App ${app.id} is not installed for ${owner}`);
}

async function exchange(api: RemoteApi, app: GithubApp, owner: string): Promise<string> {
  const installation = app.installation || (await installationOf(api, owner));
  const { body } = await api.post(['app', 'installations', installation, 'access_tokens'], {});
  return nameAt(body, 'token');
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
