export interface Asked {
  query(sql: string, parameters: readonly unknown[]): Promise<unknown>;
}

/**
 * For the work queue so much time passes; a negative number sets its clock, the database's, back. Without `leases` what
 * is being worked on stays as it is.
 */
export async function passTime(on: Asked, ms: number, { leases = true }: { leases?: boolean } = {}): Promise<void> {
  const columns = ['due_at', 'put_off_at', 'leased_until'];
  const moved = columns.map((column) => `${column} = ${column} - $1::double precision * interval '1 millisecond'`);
  await on.query(`update work_items set ${moved.join(', ')} ${leases ? '' : 'where lease is null'}`, [ms]);
}
