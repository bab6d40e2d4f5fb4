import { PUBLIC_KEY_PIN } from '../../kernel/public-key-pin.js';

/**
 * A join token as people carry it: `fwjoin_<secret>`, and `.<pin>` behind it when the hub has an authority that agents
 * could not know otherwise. The pin is no secret; the hub looks at the secret only.
 */
export interface JoinTokenText {
  secret: string;
  pin?: string;
}

export function writeJoinToken({ secret, pin }: JoinTokenText): string {
  return pin === undefined ? secret : `${secret}.${pin}`;
}

/** Anything that is not a pin belongs to the secret, which then opens nothing. */
export function readJoinToken(text: string): JoinTokenText {
  const dot = text.lastIndexOf('.');
  const pin = text.slice(dot + 1);
  return dot < 0 || !PUBLIC_KEY_PIN.test(pin) ? { secret: text } : { secret: text.slice(0, dot), pin };
}
