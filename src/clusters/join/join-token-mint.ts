import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Ids } from '../../kernel/ids.js';
import type { CreatedJoinToken, JoinToken } from '../domain/join-token.js';

const SECRET_BYTES = 32;
const HOUR_MS = 3_600_000;

export interface Minting extends Pick<JoinToken, 'namePrefix' | 'labels' | 'uses' | 'createdBy'> {
  hours: number;
}

/** Makes a join token out of a checked request; stores nothing. */
@Injectable()
export class JoinTokenMint {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  mint({ hours, ...request }: Minting): CreatedJoinToken {
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + hours * HOUR_MS);
    const token = { id: this.ids.uuid(), ...request, usesLeft: request.uses, createdAt, expiresAt };
    return { token, secret: `fwjoin_${this.ids.secret(SECRET_BYTES)}` };
  }
}
