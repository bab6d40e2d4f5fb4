import type { z } from 'zod';
import { FleetError } from '../../kernel/errors.js';

const MOST_FAULTS = 20;

/** An agent's message as the protocol has it. Throws INVALID_MESSAGE with a fault for each field. */
export function parseMessage<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, MOST_FAULTS)
    .map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = faults;
  throw new FleetError('invalid', 'INVALID_MESSAGE', `the message is invalid: ${first?.path} ${first?.message}`, {
    faults,
  });
}
