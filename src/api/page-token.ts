import { z } from 'zod';
import type { ListKey } from '../database/objects/hub-object.js';
import { FleetError } from '../kernel/errors.js';

/** A place in a listing, opaque to callers. */
export function encodePageToken({ namespace, name }: ListKey): string {
  return Buffer.from(JSON.stringify([namespace, name]), 'utf8').toString('base64url');
}

const keySchema = z.tuple([z.string().max(253), z.string().max(253)]);

export function decodePageToken(token: string): ListKey {
  try {
    const [namespace, name] = keySchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return { namespace, name };
  } catch {
    throw new FleetError('malformed', 'PAGE_TOKEN', 'the page token is none of ours', {
      hint: 'Start again without it.',
    });
  }
}
