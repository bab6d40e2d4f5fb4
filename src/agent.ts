import { pino } from 'pino';
import { readAgentConfig, type KubernetesSource } from './config/agent-config.js';
import { listenForProbes } from './dispatch/agent/health-listener.js';
import { startAgent } from './dispatch/agent/start-agent.js';
import { failureText } from './kernel/failure-text.js';
import {
  inClusterConnection,
  kubeconfigConnection,
  tokenConnection,
  type KubernetesConnection,
} from './kubernetes/client/connection.js';
import { stopOnSignals } from './stop-on-signals.js';

/** The agent of one member cluster, as a process: reads its configuration, runs until it is told to stop. */
async function main(): Promise<void> {
  const { kubernetes, logLevel, healthPort, ...config } = readAgentConfig();
  const logger = pino({ level: logLevel, base: { process: 'agent', cluster: config.cluster } });
  const stopWith = stopOnSignals(logger, 'agent');
  const probes = healthPort === undefined ? undefined : await listenForProbes(healthPort);
  const agent = await startAgent({ ...config, logger, kubernetes: await connectionOf(kubernetes) });
  stopWith(() => agent.stop());
  probes?.isReady();
}

async function connectionOf(source: KubernetesSource): Promise<KubernetesConnection> {
  switch (source.from) {
    case 'address':
      return tokenConnection(source.server, source.token);
    case 'kubeconfig':
      return kubeconfigConnection(source.path);
    case 'service-account':
      return inClusterConnection(source.host, source.port);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(failureText('fleetwright agent', error));
  process.exit(1);
}
