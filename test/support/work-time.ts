import type { TestDatabase } from './postgres.js';

/** For the work queue so much time passes; a negative number sets its clock, the database's, back. */
export async function passTime({ transactions }: Pick<TestDatabase, 'transactions'>, ms: number): Promise<void> {
  const columns = ['due_at', 'put_off_at', 'leased_until'];
  const moved = columns.map((column) => `${column} = ${column} - $1::double precision * interval '1 millisecond'`);
  await transactions.query(`update work_items set ${moved.join(', ')}`, [ms]);
}
