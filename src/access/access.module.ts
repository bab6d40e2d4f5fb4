import { Global, Module } from '@nestjs/common';
import { Evaluator } from './evaluator.js';
import { Authenticator } from './tokens/authenticator.js';
import { FirstAdmin } from './tokens/first-admin.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { TokenStore } from './tokens/token-store.js';
import { TokensService } from './tokens/tokens.service.js';

const PUBLIC = [Evaluator, Authenticator, FirstAdmin, TokensService];

/** Needs AuditModule and a global provider of PolicySource, which projects/ gives, where the hub is composed. */
@Global()
@Module({ providers: [TokenStore, TokenIssuer, ...PUBLIC], exports: PUBLIC })
export class AccessModule {}
