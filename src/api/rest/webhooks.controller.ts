import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { RouteAccess } from '../../access/route-access.js';
import { FleetError } from '../../kernel/errors.js';
import { WebhookDoor, type WebhookOutcome } from '../../repositories/webhooks/webhook-door.js';

/** What Git servers and registries tell of themselves, where Argo CD takes it too. */
@Controller('api')
export class WebhooksController {
  constructor(private readonly door: WebhookDoor) {}

  @Post('webhook')
  @HttpCode(200)
  @RouteAccess({ kind: 'signature' })
  @RouteConfig({ signedBody: true })
  async receive(
    @Headers() headers: Record<string, string | undefined>,
    @Body() body: unknown,
  ): Promise<WebhookOutcome> {
    if (!Buffer.isBuffer(body)) throw new FleetError('malformed', 'WEBHOOK_UNREADABLE', 'a webhook has a JSON body');
    const given = Object.entries(headers).filter((each): each is [string, string] => typeof each[1] === 'string');
    return this.door.accept(new Map(given), body);
  }
}
