import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../access/actor.js';
import { Authenticator } from '../../access/tokens/authenticator.js';
import { rememberActor } from './request-actor.js';

const BEARER = /^Bearer +([^\s]{1,1024})$/i;

/** Tells who sent a request, once for each request however many resolvers ask. */
@Injectable()
export class RequestAuthenticator {
  private readonly known = new WeakMap<FastifyRequest, Promise<Actor>>();

  constructor(private readonly authenticator: Authenticator) {}

  authenticate(request: FastifyRequest): Promise<Actor> {
    const known = this.known.get(request);
    if (known) return known;
    const actor = this.read(request);
    this.known.set(request, actor);
    return actor;
  }

  private async read(request: FastifyRequest): Promise<Actor> {
    const [, bearer = ''] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    const actor = await this.authenticator.authenticate(bearer);
    rememberActor(request, actor);
    return actor;
  }
}
