import { pino, type DestinationStream, type Logger } from 'pino';
import type { HubConfig } from './hub-config.js';

const SECRETS = [
  'authorization',
  'password',
  'token',
  'secret',
  'headers.authorization',
  'req.headers.authorization',
  'headers.cookie',
];

/** The hub's log: JSON lines, without credentials whatever a caller passes. */
export function createHubLog(level: HubConfig['logLevel'], destination?: DestinationStream): Logger {
  const options = { level, base: { process: 'hub' }, redact: { paths: SECRETS, censor: '***' } };
  return destination ? pino(options, destination) : pino(options);
}
