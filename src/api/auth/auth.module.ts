import { Module } from '@nestjs/common';
import { RequestAuthenticator } from './request-authenticator.js';

@Module({ providers: [RequestAuthenticator], exports: [RequestAuthenticator] })
export class AuthModule {}
