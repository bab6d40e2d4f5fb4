import { pino } from 'pino';
import { readAgentConfig } from '../../src/config/agent-config.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { startAgent } from '../../src/dispatch/agent/start-agent.js';
import { startHub } from '../../src/hub-process.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { tokenConnection } from '../../src/kubernetes/client/connection.js';
import { plantedPart } from './planted-part.js';
import { plantBug } from './planted-parts.js';

/**
 * A hub or an agent as a process that is killed at will: `part.js hub|agent SKEW [BUG]`. Its clock is off by so many
 * milliseconds, and by others when it is told so. It ends with whoever started it.
 */
async function main([role, skew = '0', bug]: readonly string[]): Promise<void> {
  let skewMs = Number(skew);
  SystemClock.prototype.now = () => new Date(Date.now() + skewMs);
  process.on('message', (told) => (skewMs = Number(told)));
  process.once('disconnect', () => process.exit(1));
  if (!process.connected) process.exit(1); // whoever started it went while it was loaded
  if (bug !== undefined) plantBug(plantedPart(bug));
  await (role === 'hub' ? hub() : agent());
}

async function hub(): Promise<void> {
  const config = readHubConfig();
  const { url, adminToken } = await startHub(config, { logger: pino({ level: config.logLevel, base: null }) });
  process.stdout.write(`hub: ${url} ${adminToken ?? ''}\n`);
}

async function agent(): Promise<void> {
  const { kubernetes, logLevel, ...config } = readAgentConfig();
  if (kubernetes.from !== 'address') throw new TypeError('its cluster must be given as an address');
  await startAgent({
    ...config,
    logger: pino({ level: logLevel, base: null }),
    kubernetes: tokenConnection(kubernetes.server, kubernetes.token),
    intervals: { reportMs: 20, recheckMs: 200 },
  });
  process.stdout.write('agent: started\n');
}

await main(process.argv.slice(2));
