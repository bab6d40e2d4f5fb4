import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { Joining, type Joined } from '../../clusters/join/joining.js';
import { FleetError } from '../../kernel/errors.js';
import { Log } from '../../kernel/log.js';
import { joinRequestSchema, type JoinRequest, type JoinResponse } from '../protocol/join.js';
import { JoinRoute } from './auth/agent-route.js';
import { JoinLimiter } from './auth/join-limiter.js';
import { CurrentIdentity } from './current-identity.js';
import { parseMessage } from './parse-message.js';

@Controller('agent/v1')
export class JoinController {
  constructor(
    private readonly joining: Joining,
    private readonly limiter: JoinLimiter,
    private readonly identity: CurrentIdentity,
    private readonly log: Log,
  ) {}

  @JoinRoute()
  @Post('join')
  @HttpCode(200)
  async join(@Body() body: unknown, @Ip() address: string): Promise<JoinResponse> {
    this.limiter.refuseGuessing(address);
    const request = parseMessage(joinRequestSchema, body);
    const joined = await this.admit(request, address);
    const { hubId } = await this.identity.read();
    return { hubId, cluster: request.cluster, ...joined };
  }

  private async admit(request: JoinRequest, address: string): Promise<Joined> {
    const { cluster } = request;
    try {
      const joined = await this.joining.join(request);
      this.log.info({ cluster, ...joined }, 'agent joined');
      return joined;
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      if (error.kind === 'unauthenticated') this.limiter.failed(address);
      this.log.warn({ cluster, address, code: error.code }, 'agent refused');
      throw error;
    }
  }
}
