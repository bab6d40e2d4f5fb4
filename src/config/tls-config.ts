import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from '../kernel/loopback.js';

/** How the hub's port is protected. */
export type TlsConfig =
  /** Plain HTTP: on loopback, or because something in front ends TLS. */
  | { from: 'off' }
  | { from: 'files'; cert: string; key: string }
  /** The hub's own authority; its certificate is valid for these DNS names and addresses. */
  | { from: 'own'; names: readonly string[] };

const NAME = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i;

const names = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(
    z.array(
      z
        .string()
        .refine((name) => isIP(name) !== 0 || NAME.test(name), 'must be DNS names and addresses, separated by commas'),
    ),
  );

export const TLS_VARIABLES = {
  FLEETWRIGHT_TLS: z.enum(['off', 'own'], 'must be own or off').optional(),
  FLEETWRIGHT_TLS_CERT: z.string().optional(),
  FLEETWRIGHT_TLS_KEY: z.string().optional(),
  FLEETWRIGHT_TLS_NAMES: names.default([]),
  FLEETWRIGHT_TLS_PIN: z.enum(['true', 'false'], 'must be true or false').default('true'),
  FLEETWRIGHT_PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: 'must be the http(s) URL that agents dial' })
    .optional(),
};

export type TlsVariables = z.infer<z.ZodObject<typeof TLS_VARIABLES>>;

/** What the variables say together, or the problem with them. */
export function tlsOf(values: TlsVariables, host: string): TlsConfig | { problem: string } {
  const { FLEETWRIGHT_TLS: mode, FLEETWRIGHT_TLS_CERT: cert, FLEETWRIGHT_TLS_KEY: key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    return { problem: 'FLEETWRIGHT_TLS_CERT and FLEETWRIGHT_TLS_KEY go together: name both files, or none' };
  }
  if (cert !== undefined && key !== undefined) {
    if (mode === undefined) return { from: 'files', cert, key };
    return { problem: `FLEETWRIGHT_TLS=${mode} and FLEETWRIGHT_TLS_CERT contradict each other: leave one of them out` };
  }
  if (mode === 'own') return { from: 'own', names: namesOf(values, host) };
  if (mode === 'off' || isLoopback(host)) return { from: 'off' };
  return {
    problem:
      `FLEETWRIGHT_HOST is ${host}, which is not loopback: tokens would travel in clear. Name a certificate with ` +
      'FLEETWRIGHT_TLS_CERT and FLEETWRIGHT_TLS_KEY, or set FLEETWRIGHT_TLS to own (a certificate of the hub itself) or off ' +
      '(something in front ends TLS)',
  };
}

/** What agents may call the hub; an address to listen on that means "all of them" is none. */
function namesOf({ FLEETWRIGHT_TLS_NAMES: given, FLEETWRIGHT_PUBLIC_URL: url }: TlsVariables, host: string): string[] {
  const called = url === undefined ? [] : [new URL(url).hostname.replace(/^\[|\]$/g, '')];
  const own = host === '0.0.0.0' || host === '::' ? [] : [host];
  return [...new Set([...called, ...given, ...own, 'localhost', '127.0.0.1', '::1'])];
}
