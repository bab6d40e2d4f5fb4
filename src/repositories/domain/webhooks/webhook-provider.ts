import { FleetError } from '../../../kernel/errors.js';
import type { WebhookEvent } from './webhook-event.js';

/** Request headers by lower-case name; of a repeated one the first. */
export type WebhookHeaders = ReadonlyMap<string, string>;

/** Which secret a sender proves to know; their keys are those of `argocd-secret` (argocd-behaviour.md 7.4). */
export const WEBHOOK_SECRET_KEYS = [
  'webhook.azuredevops.username',
  'webhook.azuredevops.password',
  'webhook.gogs.secret',
  'webhook.github.secret',
  'webhook.gitlab.secret',
  'webhook.bitbucket.uuid',
  'webhook.bitbucketserver.secret',
  'webhook.harbor.secret',
  'webhook.generic.secret',
] as const;
export type WebhookSecretKey = (typeof WEBHOOK_SECRET_KEYS)[number];

/** How a request proves where it comes from. */
export type WebhookProof =
  /** HMAC-SHA256 of the body as it came, in hex. */
  | { type: 'hmac'; key: WebhookSecretKey; given: string }
  /** The secret itself. */
  | { type: 'token'; key: WebhookSecretKey; given: string }
  /** Every part is compared; what is not configured must not be given. */
  | { type: 'basic'; user: WebhookSecretKey; password: WebhookSecretKey; given: string };

export interface WebhookProvider {
  name: string;
  /** Without a configured secret nobody is let in. */
  needsSecret?: boolean;
  /** Whether a request says that it comes from here. */
  claims(headers: WebhookHeaders): boolean;
  proof(headers: WebhookHeaders): WebhookProof;
  /** The sender's own id of this delivery. */
  delivery(headers: WebhookHeaders): string | undefined;
  /** What happened; nothing for events that move nothing here. Throws WEBHOOK_UNKNOWN and WEBHOOK_UNREADABLE. */
  read(headers: WebhookHeaders, body: unknown): readonly WebhookEvent[];
}

export function unknownEvent(provider: string, event: string): FleetError {
  return new FleetError('malformed', 'WEBHOOK_UNKNOWN', `${provider} event "${event.slice(0, 100)}" is not handled`, {
    hint: 'Let the sender send pushes, and pull requests where a generator lists them.',
  });
}

export function unreadableEvent(provider: string, field: string): FleetError {
  return new FleetError('malformed', 'WEBHOOK_UNREADABLE', `the ${provider} event holds no ${field}`);
}
