import { Injectable } from '@nestjs/common';
import { decodeJwt, errors, generateKeyPair, importJWK, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import type { Agent } from '../../../clusters/domain/agent.js';
import { Clock } from '../../../kernel/clock.js';
import { FleetError } from '../../../kernel/errors.js';
import { isUuid } from '../../../kernel/ids.js';
import { ASSERTION_SECONDS, ASSERTION_SKEW_SECONDS } from '../../protocol/join.js';
import { CurrentIdentity } from '../current-identity.js';
import { AgentDirectory } from './agent-directory.js';
import { ReplayGuard } from './replay-guard.js';

const LONGEST_ASSERTION = 4_096;
const LONGEST_JTI = 128;
/** An assertion is good for its lifetime and the skew on both sides of it. */
const REPLAY_WINDOW_MS = (ASSERTION_SECONDS + 2 * ASSERTION_SKEW_SECONDS) * 1_000;
const MOST_REMEMBERED = 200_000;

/** Tells which agent signed a call (RFC 7523): EdDSA, its own key, this hub, this minute, once. */
@Injectable()
export class AssertionVerifier {
  private readonly replays = new ReplayGuard(REPLAY_WINDOW_MS, MOST_REMEMBERED);
  private readonly nobody = generateKeyPair('EdDSA', { crv: 'Ed25519' });

  constructor(
    private readonly agents: AgentDirectory,
    private readonly identity: CurrentIdentity,
    private readonly clock: Clock,
  ) {}

  /** Throws 401 in the same words for an unknown cluster and a wrong signature. */
  async verify(authorization: string | undefined): Promise<Agent> {
    const assertion = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
    if (assertion === undefined || assertion.length > LONGEST_ASSERTION) throw invalidAssertion();
    const clusterUid = issuerOf(assertion);
    const { agent, payload } = await this.check(assertion, clusterUid);
    this.refuseReplay(clusterUid, payload);
    return agent;
  }

  /** A key that was replaced a moment ago may still be the one we remember: one more look before refusing. */
  private async check(assertion: string, clusterUid: string): Promise<{ agent: Agent; payload: JWTPayload }> {
    try {
      return await this.checkAs(assertion, await this.agents.find(clusterUid, { fresh: false }));
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw this.refusalOf(error);
    }
    try {
      return await this.checkAs(assertion, await this.agents.find(clusterUid, { fresh: true }));
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private async checkAs(assertion: string, agent: Agent | undefined): Promise<{ agent: Agent; payload: JWTPayload }> {
    // An unknown cluster is checked against nobody's key, so that it takes as long as a wrong signature.
    const key = agent ? await keyOf(agent) : (await this.nobody).publicKey;
    const { hubId } = await this.identity.read();
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ['EdDSA'],
      audience: hubId,
      issuer: agent?.clusterUid ?? '',
      subject: agent?.clusterUid ?? '',
      requiredClaims: ['exp', 'iat', 'jti'],
      maxTokenAge: ASSERTION_SECONDS,
      clockTolerance: ASSERTION_SKEW_SECONDS,
      currentDate: this.clock.now(),
    });
    if (!agent) throw invalidAssertion();
    refuseLongLife(payload);
    return { agent, payload };
  }

  /** Claims are looked at after the signature, so their faults are told to the true agent only. */
  private refusalOf(error: unknown): unknown {
    const now = this.clock.now();
    if (error instanceof errors.JWTExpired) return wrongClock('ASSERTION_EXPIRED', 'has expired', error, now);
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iat' && error.reason === 'check_failed')
      return wrongClock('ASSERTION_EARLY', 'is of a time to come', error, now);
    if (error instanceof errors.JWTClaimValidationFailed)
      return unauthenticated('ASSERTION_INVALID', `the assertion's "${error.claim}" is not what it must be`);
    return error instanceof errors.JOSEError ? invalidAssertion() : error;
  }

  private refuseReplay(clusterUid: string, { jti }: JWTPayload): void {
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) throw invalidAssertion();
    const taken = this.replays.take(`${clusterUid} ${jti}`, this.clock.now().getTime());
    if (taken === 'first') return;
    if (taken === 'repeated') throw unauthenticated('ASSERTION_REPLAYED', 'the assertion was used before');
    throw new FleetError('too-many', 'TOO_MANY_CALLS', 'the hub takes no more calls of agents right now', {
      retryAfterSeconds: ASSERTION_SECONDS,
    });
  }
}

function issuerOf(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (typeof iss === 'string' && isUuid(iss)) return iss;
  } catch {
    // not a JWT: refused like any other
  }
  throw invalidAssertion();
}

async function keyOf(agent: Agent): Promise<CryptoKey | Uint8Array> {
  return importJWK({ kty: 'OKP', crv: 'Ed25519', x: agent.publicKey }, 'EdDSA');
}

function refuseLongLife({ exp = 0, iat = 0 }: JWTPayload): void {
  if (exp - iat <= ASSERTION_SECONDS) return;
  throw unauthenticated('ASSERTION_INVALID', `an assertion may live ${ASSERTION_SECONDS} seconds at most`);
}

/** How far apart the two clocks are: an assertion is made for one call, so its time is that of the agent's clock. */
function wrongClock(code: string, fault: string, { payload }: { payload: JWTPayload }, now: Date): FleetError {
  const apart = Math.round(now.getTime() / 1000) - (payload.iat ?? 0);
  const side = apart > 0 ? 'behind' : 'ahead of';
  const message =
    `the assertion ${fault}: the agent's clock is ${Math.abs(apart)} s ${side} the hub's, ` +
    `which says ${now.toISOString()}; ${ASSERTION_SKEW_SECONDS} s are allowed`;
  return new FleetError('unauthenticated', code, message, {
    hint: 'Set both clocks by NTP; nothing is lost meanwhile.',
  });
}

const invalidAssertion = (): FleetError =>
  unauthenticated('ASSERTION_INVALID', 'the call carries no valid assertion of a joined agent');

function unauthenticated(code: string, message: string): FleetError {
  return new FleetError('unauthenticated', code, message);
}
