import { negotiateVersion, PROTOCOL_VERSIONS } from '../../dispatch/protocol/versions.js';
import { FleetError } from '../../kernel/errors.js';

/** The protocol version to speak with an agent. Throws PROTOCOL_UNSUPPORTED when there is none. */
export function requireVersion(theirs: readonly number[]): number {
  const version = negotiateVersion(theirs);
  if (version !== undefined) return version;
  throw new FleetError(
    'precondition',
    'PROTOCOL_UNSUPPORTED',
    `the agent speaks protocol ${theirs.join(', ') || 'none'}, this hub ${PROTOCOL_VERSIONS.join(', ')}`,
    { hint: 'Upgrade the older of the two.' },
  );
}
