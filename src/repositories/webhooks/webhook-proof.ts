import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookProof } from '../domain/webhooks/webhook-provider.js';
import type { WebhookSecretValues } from './webhook-secrets.js';

/** Whether a secret is configured for whoever proves so. */
export function isAsked(proof: WebhookProof, secrets: WebhookSecretValues): boolean {
  return proof.type === 'basic' ? secrets.has(proof.user) || secrets.has(proof.password) : secrets.has(proof.key);
}

/** Whether the sender knows the secret; the time it takes tells nothing of how much of it was right. */
export function isProven(proof: WebhookProof, body: Uint8Array, secrets: WebhookSecretValues): boolean {
  switch (proof.type) {
    case 'token':
      return isEqual(proof.given, secrets.get(proof.key) ?? '');
    case 'hmac': {
      const wanted = createHmac('sha256', secrets.get(proof.key) ?? '')
        .update(body)
        .digest('hex');
      return isEqual(proof.given.toLowerCase(), wanted);
    }
    case 'basic': {
      const pair = `${secrets.get(proof.user) ?? ''}:${secrets.get(proof.password) ?? ''}`;
      return isEqual(proof.given.replace(/^basic /i, ''), Buffer.from(pair).toString('base64'));
    }
  }
}

/** Of digests, which are equally long whatever was given. */
function isEqual(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
