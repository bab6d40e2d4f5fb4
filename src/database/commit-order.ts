/** NOTIFY channel of every ordered commit; the payload is its position. Only a hint: readers also poll. */
export const COMMITS_CHANNEL = 'fleetwright_commits';

/** Advisory locks; one number each, so that they never collide. */
export const COMMIT_ORDER_LOCK = 7_301;
export const MIGRATION_LOCK = 7_302;
