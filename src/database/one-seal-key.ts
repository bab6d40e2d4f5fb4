import { FleetError } from '../kernel/errors.js';
import type { Transactions } from './transactions.js';

/**
 * Remembers by its name the key that this database's credentials and bundles are sealed with. Throws
 * ENCRYPTION_KEY_OTHER for another one: a hub that sealed with a key of its own would leave rows that no other replica,
 * and after a restart not even itself, could open.
 */
export async function requireSealKey(transactions: Transactions, keyId: string): Promise<void> {
  await transactions.query(`insert into hub_state (key, value) values ('seal_key', $1) on conflict do nothing`, [
    keyId,
  ]);
  const [row] = await transactions.query<{ value: string }>(`select value from hub_state where key = 'seal_key'`);
  if (row === undefined || row.value === keyId) return;
  const message = `the database's credentials are sealed with the key ${row.value}, and this hub has ${keyId}`;
  throw new FleetError('precondition', 'ENCRYPTION_KEY_OTHER', message, {
    hint:
      'Give it that key: encryption.key of the data folder that was used before, or the same FLEETWRIGHT_ENCRYPTION_KEY ' +
      'on every replica; nothing was changed.',
  });
}
