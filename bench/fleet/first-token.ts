import type { BenchDatabase } from './bench-database.js';
import { HubProcess } from './hub-process.js';

/** An admin's token for the hubs that a work starts later: only the first hub of a database hands one out. */
export async function firstToken(database: BenchDatabase): Promise<string> {
  const hub = await HubProcess.start(database);
  const scope = { admin: true };
  const { secret } = await hub.admin.post<{ secret: string }>('/api/v1/tokens', { name: 'bench', scope });
  await hub.stop();
  return secret;
}
