import { FleetError, messageOf } from '../kernel/errors.js';

const UNREACHABLE = 'Check host and port in DATABASE_URL, and that the server is up and lets this host in.';
const CREDENTIALS = 'Check user and password in DATABASE_URL; special characters in them are to be percent-encoded.';
const NOT_POSTGRES = 'Check host and port in DATABASE_URL: what answers there may not be Postgres.';
const CERTIFICATE =
  "Name the server's authority in DATABASE_URL, as in ?sslmode=verify-full&sslrootcert=/path/ca.crt, and the server by a name in its certificate.";

/** By the code of Postgres (SQLSTATE), of the network or of TLS. */
const BY_CODE: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, UNREACHABLE],
  [/^28/, CREDENTIALS],
  [/^3D000$/, 'Create that database, or check the name in DATABASE_URL.'],
  [/^42501$/, 'Let its user create tables: make it the owner of the database, or grant it create on the schema.'],
  [/^25006$/, 'That server is a standby or read-only: name the primary in DATABASE_URL.'],
  [
    /^53300$/,
    'Raise max_connections there, or lower FLEETWRIGHT_DATABASE_POOL; each replica needs three more than that.',
  ],
  [/^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/, CERTIFICATE],
  [/^ENOENT$/, 'Check the files that DATABASE_URL names.'],
];

/** What pg says where there is no code. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/timeout/i, UNREACHABLE],
  [/password must be|SASL/, CREDENTIALS],
  [/does not support SSL/, 'Let the server speak TLS, or take sslmode out of DATABASE_URL if the way to it is safe.'],
  [/terminated unexpectedly|ECONNRESET|Unknown message|invalid/i, NOT_POSTGRES],
];

/** A start that failed on a given database, with what to look at. Never shows the URL, which holds a password. */
export function databaseFault(error: unknown): FleetError {
  if (error instanceof FleetError) return error;
  const message = messageOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [, hint = 'Check DATABASE_URL.'] =
    BY_CODE.find(([pattern]) => pattern.test(code)) ?? BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [];
  return new FleetError('unavailable', 'DATABASE_UNAVAILABLE', `cannot use the database: ${message}`, { hint });
}
