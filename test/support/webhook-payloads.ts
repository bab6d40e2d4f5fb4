import { FleetError } from '../../src/kernel/errors.js';
import { providerOf } from '../../src/repositories/domain/webhooks/providers.js';

/** Commit ids of made-up payloads; the first is Git's word for none. */
export const ZERO = '0'.repeat(40);
export const OLD = 'a'.repeat(40);
export const NEW = 'b'.repeat(40);

/** What a webhook tells, and by whose rules it was read. */
export function readWebhook(headers: Record<string, string>, body: unknown) {
  const given = new Map(Object.entries(headers));
  const provider = providerOf(given);
  return { name: provider?.name, events: provider?.read(given, body) };
}

/** The code it is refused with, or `none`. */
export function refusalOf(headers: Record<string, string>, body: unknown): string {
  try {
    readWebhook(headers, body);
  } catch (error) {
    return error instanceof FleetError ? error.code : String(error);
  }
  return 'none';
}
